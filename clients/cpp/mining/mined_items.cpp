#include "clients/cpp/mining/mined_items.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "clients/cpp/draft/campaign_items.hpp"
#include "clients/cpp/draft/draft_items.hpp"
#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"
#include "schema/kinds/template_prints.hpp"

namespace tocsin::client {
namespace {

using Item = nlohmann::ordered_json;

// Words of letters and digits in lower case, one blank between them, `{}` for what differs.
constexpr auto kNormaliser = "words-1";

void write(std::ostream& out, Item const& item) {
  out << item.dump(-1, ' ', false, Item::error_handler_t::replace) << '\n';
}

Item template_item(MinedTemplate const& mined, std::size_t number) {
  auto prints = Item::array();
  for (auto const print : kinds::prints_of(mined.text)) prints.push_back(kinds::print_text(print));
  auto const accounts = std::to_string(shareable(mined.accounts.size())) + " accounts of a sample sent ";
  return {{"kind", "prompt-template"},
          {"ref", "template-" + std::to_string(number)},
          {"normaliser", kNormaliser},
          {"template_sha256", core::to_hex(core::view(core::sha256(mined.text)))},
          {"fingerprints", {{"algorithm", kinds::kPrintAlgorithm}, {"values", std::move(prints)}}},
          {"template", mined.text},
          {"slot_count", mined.slots},
          {"evidence_basis", {"behaviour"}},
          {"tlp", "amber"},
          {"campaign", kCampaignReference},
          {"description", accounts + "prompts of this template."}};
}

}  // namespace

void write_mined(std::ostream& out, std::string const& campaign, Mined const& mined) {
  if (mined.templates.empty()) return;
  if (mined.common.size() > 0)
    write_items(out, campaign, mined.common);
  else
    write(out, campaign_item(campaign, mined.common));
  std::size_t number = 0;
  for (auto const& one : mined.templates) write(out, template_item(one, ++number));
}

}  // namespace tocsin::client
