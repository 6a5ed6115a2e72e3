#include "config/reference.hpp"

#include <fmt/format.h>

#include "config/print.hpp"
#include "config/schema.hpp"
#include "config/yaml.hpp"

namespace weir {
namespace {

using namespace config;

constexpr std::string_view head = R"(# Configuration

Generated from the schema in `config/schema.cpp` by `weir config reference`; do not edit.

One YAML file. `config/weir.yaml` holds every setting with its default; what is not given has its default. Without
`--config` (or `WEIR_CONFIG`) the defaults hold. What comes later wins:

1. the file of `--config FILE`;
2. `environments/NAME.yaml` beside it, with `--env NAME` (or `WEIR_ENV`); without a file, the one in `config/`;
3. variables of the environment: `WEIR_COMMIT_INTERVAL=500ms` is `commit.interval`. `WEIR_SITES_SHOP_TIMEZONE` and
   `WEIR_KAFKA_PROPERTIES_SASL_PASSWORD` (`sasl.password`) name entries of maps. An empty variable is none;
4. `--set commit.interval=500ms`, as often as needed. Values are YAML: `--set 'goals=[{id: x, event: {name: y}}]'`;
   those of `kafka.properties`, which may be passwords, are taken as they are.

Maps are merged key by key. Lists are replaced. `sources` and `sites` replace the defaults; what an entry lacks it takes
from the default entry as the tables below have it, never from another entry that was given.

- A **duration** is a whole number and `ms`, `s`, `m`, `h` or `d`, or 0.
- A **size** is a whole number and `B`, `KiB`, `MiB`, `GiB` or `TiB`; a bare number is bytes.
- **off** (or `false`), where it is allowed, means no limit or nothing.

`weir config check` tells all that is wrong with a configuration, each with its file and line, what was expected, what
came, and the nearest right name; a command that is given such a configuration ends with status 2. `weir config print`
prints the configuration as it holds.

)";

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != text.npos; at += 2) text.insert(at, 1, '\\');
  return text;
}

/// What stands in the column of defaults: nothing for lists and maps of records, which tables of their own
/// describe.
std::string default_cell(const node& value) {
  return value.is(node::kind::nothing) ? "" : '`' + cell(write_inline(value)) + '`';
}

template <class Owner>
void add_row(const field<Owner>& f, const Owner& defaults, std::string& out) {
  out += fmt::format("| `{}` | {} | {} | {} |\n", f.name, default_cell(f.write(defaults)), cell(f.type),
                     cell(f.meaning));
}

constexpr std::string_view columns = "| key | default | value | meaning |\n| --- | --- | --- | --- |\n";

template <class Owner>
void add_table(std::string_view title, const std::vector<field<Owner>>& fields, std::string& out) {
  ((out += title) += "\n\n") += columns;
  for (const auto& f : fields) add_row(f, Owner{}, out);
  out += '\n';
}

void add_settings(std::string_view section, std::string& out) {
  std::string rows;
  for (const auto& f : schema())
    if (f.name.starts_with(std::string(section) + '.')) add_row(f, settings{}, rows);
  if (!rows.empty()) ((out += columns) += rows) += '\n';
}

void add_entries(std::string_view section, std::string& out) {
  if (section == "sources") add_table("An entry:", source_fields(), out);
  if (section == "sites") add_table("An entry:", site_fields(), out);
  if (section == "goals") add_table("A goal:", goal_fields(), out);
  if (section == "funnels") {
    add_table("A funnel:", funnel_fields(), out);
    add_table("A step:", step_fields(), out);
    add_table("A match, of a step or a goal:", match_fields(), out);
  }
  if (section == "alerts") add_table("An alert:", alert_fields(), out);
}

void add_section(const section& s, std::string& out) {
  out += fmt::format("## {}\n\n{}\n\n", s.name, s.meaning);
  add_settings(s.name, out);
  add_entries(s.name, out);
  if (!s.example.empty()) out += fmt::format("```yaml\n{}\n```\n\n", s.example);
}

}  // namespace

std::string config_reference() {
  std::string out(head);
  for (const auto& s : sections()) add_section(s, out);
  out.pop_back();
  return out;
}

}  // namespace weir
