#include "server/admission/items.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "schema/core/digest.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/to_stix.hpp"
#include "server/admission/collector.hpp"
#include "server/admission/readers/json_members.hpp"
#include "server/admission/readers/misp.hpp"
#include "server/admission/waves.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using Findings = std::vector<core::Error>;
using Outcome = Item::Outcome;

core::Result<void> read(Form form, Layout const& layout, std::string_view body, kinds::Cells const& defaults,
                        Items& items) {
  switch (form) {
    case Form::json:
      return read_json(body, defaults, items);
    case Form::lines_of_json:
      return read_lines_of_json(body, defaults, items);
    case Form::csv:
      return read_whole(*table_reader(defaults, layout), body, items);
    case Form::list:
      return read_list(body, defaults, items);
    case Form::misp:
      return read_misp(body, defaults, items);
    case Form::bundle:
      break;
  }
  return {};
}

}  // namespace

Form form_of_document(std::string_view body) {
  auto const members = members_of(body);
  if (!members) return Form::json;
  if (members->contains("Event") || members->contains("response")) return Form::misp;
  auto const type = members->find("type");
  return type != members->end() && type->second == "\"bundle\"" ? Form::bundle : Form::json;
}

void refuse(Item& item, Findings findings) {
  item.outcome = Outcome::refused;
  for (auto& finding : findings) item.findings.push_back(std::move(finding));
}

core::Result<Batch> read_items(Form form, std::string_view body, kinds::Cells const& defaults, Layout const& layout) {
  Collector collector(Collector::Beyond::refused);
  if (auto done = read(form, layout, body, defaults, collector); !done) return std::unexpected(done.error());
  if (collector.refused_more())
    return core::fail(Code::content_too_large,
                      "The body has more than " + std::to_string(kMostItems) + " items, or more than " +
                          std::to_string(Collector::kMostBytes) + " bytes of them when ranges are split.",
                      "", "Send them in several bodies, or as lines or a table that need not be stored whole.");
  auto batch = collector.take_batch();
  if (auto ordered = put_in_order(batch); !ordered) return std::unexpected(ordered.error());
  return batch;
}

store::ClaimKey key_of(kinds::Native const& native) {
  return {std::string(native.kind().name), core::sha256(native.pattern())};
}

std::vector<store::ClaimQuestion> questions_of(std::vector<Item> const& items) {
  std::vector<store::ClaimQuestion> out;
  for (auto const& item : items) {
    if (item.outcome == Outcome::refused) continue;
    store::ClaimQuestion question{key_of(*item.native), std::nullopt};
    if (auto const id = kinds::observable_id(*item.native)) question.namesake = {std::string(id->type()), id->uuid()};
    out.push_back(std::move(question));
  }
  return out;
}

}  // namespace tocsin::admission
