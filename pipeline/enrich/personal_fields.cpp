#include "pipeline/enrich/personal_fields.hpp"

#include <new>
#include <type_traits>

#include "pipeline/event/json_rewrite.hpp"
#include "pipeline/event/personal_data.hpp"

namespace weir {

namespace {

constexpr std::size_t most_masked = 4;  // page_url, referrer, target_url, form_fields

class field_masker {
 public:
  field_masker(event& e, bool mask, arena& texts, std::string& scratch)
      : e_(e), mask_(mask), texts_(texts), scratch_(scratch) {}

  using masker = std::size_t (*)(std::string_view, std::string&);

  /// Counts what the field holds, and says how it is written.
  void note(text field, masker find) {
    if (!look(e_[field], find) || !mask_) return;
    static_assert(std::is_trivially_destructible_v<masked_text>);
    if (count_ == 0) masked_ = reinterpret_cast<masked_text*>(aligned(most_masked * sizeof(masked_text)));
    new (masked_ + count_++) masked_text{field, texts_.keep(scratch_)};
    e_.masked = {masked_, count_};
  }

  /// The same for a key, which is masked at once.
  void change(text field, masker find) {
    if (look(e_[field], find) && mask_) e_[field] = texts_.keep(scratch_);
  }

 private:
  bool look(std::string_view value, masker find) {
    if (value.empty()) return false;
    scratch_.clear();
    const auto count = find(value, scratch_);
    e_.personal += static_cast<std::uint32_t>(count);
    return count > 0;
  }

  char* aligned(std::size_t size) {
    constexpr auto step = alignof(masked_text);
    auto* const at = texts_.allocate(size + step - 1);
    return at + (step - reinterpret_cast<std::uintptr_t>(at) % step) % step;
  }

  event& e_;
  bool mask_;
  arena& texts_;
  std::string& scratch_;
  masked_text* masked_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace

void find_personal_data(event& e, bool mask, arena& texts, std::string& scratch) {
  field_masker fields(e, mask, texts, scratch);
  const auto path = e[text::page_path];
  for (const auto url : {text::page_url, text::referrer, text::target_url}) fields.note(url, mask_url);
  fields.note(text::form_fields, mask_json);
  const bool one = e[text::page_id].data() == path.data();  // it stands for the page_id, too
  fields.change(text::page_path, mask_url);
  one ? void(e[text::page_id] = e[text::page_path]) : fields.change(text::page_id, mask_url);
}

}  // namespace weir
