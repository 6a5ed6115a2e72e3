#include "pipeline/event/private_payload.hpp"

#include "pipeline/base/json_writer.hpp"
#include "pipeline/event/cut_addresses.hpp"
#include "pipeline/event/ip_privacy.hpp"
#include "pipeline/event/json_rewrite.hpp"
#include "pipeline/event/json_scan.hpp"
#include "pipeline/event/personal_data.hpp"
#include "pipeline/event/utf8.hpp"

namespace weir {

namespace {

/// What the value of a member is to us, by the member's name.
enum class role { plain, url, form, address, id };

role role_of(std::string_view name) {
  if (name == "page_url" || name == "referrer" || name == "target_url" || name == "page_path" ||
      name == "page_id")
    return role::url;
  if (name == "form_fields") return role::form;
  if (name == "ip_address") return role::address;
  return name == "user_id" || name == "visitor_id" ? role::id : role::plain;
}

class payload_writer {
 public:
  payload_writer(const rules& r, id_privacy* ids, std::string& out) : rules_(r), ids_(ids), out_(out) {}

  void write(std::string_view payload) {
    json_tokens tokens(payload);
    for (json_token token; tokens.next(token);) write(token);
  }

 private:
  void write(const json_token& token) {
    using kind = json_token::kind;
    if (token.what == kind::open) open();
    if (token.what == kind::close) close();
    if (token.raw == "," && inside_ == 0) role_ = role::plain;
    if (token.what != kind::string && token.what != kind::number) return void(out_.append(token.raw));
    if (inside_ > 0) return write_value(token);
    if (!token.is_name) return write_value(token);
    role_ = role_of(decoded_string(token.raw, scratch_));
    if (role_ == role::id && (!ids_ || depth_ > 1)) role_ = role::plain;
    out_.append(token.raw);
  }

  /// All that is within an object or array is what its name says, names too.
  void open() {
    ++depth_;
    if (role_ != role::plain && inside_ == 0) inside_ = depth_;
  }

  void close() {
    if (depth_ == inside_) inside_ = 0;
    if (depth_ > 0) --depth_;
    if (inside_ == 0) role_ = role::plain;
  }

  void write_value(const json_token& token) {
    const auto text =
        token.what == json_token::kind::string ? decoded_string(token.raw, scratch_) : token.raw;
    std::string masked;
    if (role_ == role::id) return append_json_string(out_, ids_->marked(text));
    if (role_ == role::form && rules_.mask_pii) return void(mask_token(token, out_));
    if (role_ == role::url && rules_.mask_pii && mask_url(to_utf8(text), masked) > 0)
      return append_json_string(out_, masked);
    if (role_ == role::address && rules_.ip != ip_privacy::keep)
      return append_json_string(out_, private_ip(rules_.ip, text, texts_));
    out_.append(token.raw);
  }

  const rules& rules_;
  id_privacy* ids_;
  std::string& out_;
  std::string scratch_;
  arena texts_;
  role role_ = role::plain;  // of the member in hand
  std::size_t depth_ = 0;
  std::size_t inside_ = 0;  // depth of the object or array with that role that we are in; 0: none
};

}  // namespace

std::optional<std::string_view> private_payload(std::string_view payload, bool line, const rules& r,
                                                id_privacy* ids, std::string& scratch) {
  const bool readable = !line && is_json_object(payload);
  if (!readable && ids) return std::nullopt;
  scratch.clear();
  payload_writer(r, ids, scratch).write(payload);
  if (readable) return scratch;
  std::string masked;
  if (r.mask_pii && mask_personal_data(scratch, masked) > 0) scratch.swap(masked);
  if (r.ip != ip_privacy::keep) scratch = cut_addresses(r.ip, scratch);
  return scratch;
}

}  // namespace weir
