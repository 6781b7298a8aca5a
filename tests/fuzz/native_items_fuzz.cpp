// The readers of bodies in the native form; the first byte says which: j a document of JSON, n lines of it, c CSV, l a
// list. Items come in the order of the body, whether it comes in pieces or not; a table that is written again with
// every cell quoted is read the same; a line that is added to a list adds what it says.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/admission/readers/reader.hpp"
#include "server/admission/stretches.hpp"

namespace {

using namespace tocsin;

void must(bool holds) {
  if (!holds) std::abort();
}

struct Seen final : admission::Items {
  bool take(admission::Place place, stix::Json document) override {
    check(place);
    documents.push_back(std::move(document));
    return true;
  }
  bool refuse(admission::Place place, core::Error error) override {
    check(place);
    must(!error.detail.empty());
    ++refused;
    return true;
  }
  void check(admission::Place const& place) {
    must(place.line >= line);
    line = place.line;
  }

  std::vector<stix::Json> documents;
  std::size_t line = 0, refused = 0;
};

std::string in_quotes(std::string_view cell) {
  std::string out = "\"";
  for (char const c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

// The table again, from what was read, with a header.
void check_table(Seen const& seen) {
  std::string table;
  for (auto const& document : seen.documents) {
    if (!document.contains("value") || !document["value"].is_string()) continue;
    table = "value\r\n" + in_quotes(document["value"].get_ref<std::string const&>()) + "\r\n";
    Seen again;
    must(admission::read_csv(table, {}, again).has_value());
    must(again.refused == 0 && again.documents.size() == 1 && again.documents[0].at("value") == document["value"]);
  }
}

void check_list(std::string_view body, Seen const& seen) {
  Seen more;
  must(admission::read_list(std::string(body) + "\n192.0.2.1", {}, more).has_value());
  must(more.documents.size() == seen.documents.size() + 1 && more.documents.back().at("value") == "192.0.2.1");
}

// The same body in pieces.
void check_pieces(admission::Form form, std::string_view body) {
  constexpr std::size_t kPiece = 7;
  auto const whole = admission::read_items(form, body, {{"kind", "ip-range"}});
  admission::Stretches stretches(form, {{"kind", "ip-range"}}, {});
  for (bool complete = false; !complete;) {
    stretches.add(body.substr(0, kPiece));
    body.remove_prefix(std::min(kPiece, body.size()));
    if (body.empty()) stretches.end();
    auto const read = stretches.read();
    if (!read) return must(!whole.has_value());
    complete = *read;
  }
  auto const batch = stretches.take();
  // What fits into a stretch is not bounded as a whole body is.
  if (!stretches.at_end() || (!whole && whole.error().code == core::Code::content_too_large)) return;
  must(whole.has_value() && batch.has_value() && whole->items.size() == batch->items.size());
  for (std::size_t i = 0; i < batch->items.size(); ++i) {
    must(whole->items[i].place.line == batch->items[i].place.line);
    must(whole->items[i].outcome == batch->items[i].outcome);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const body{reinterpret_cast<char const*>(data) + 1, size - 1};
  Seen seen;
  kinds::Cells const defaults{{"kind", "ip-range"}, {"confidence", "50"}};
  if (data[0] == 'n') check_pieces(admission::Form::lines_of_json, body);
  if (data[0] == 'c') check_pieces(admission::Form::csv, body);
  if (data[0] == 'l') check_pieces(admission::Form::list, body);
  switch (data[0]) {
    case 'j':
      (void)admission::read_json(body, defaults, seen);
      break;
    case 'n':
      (void)admission::read_lines_of_json(body, defaults, seen);
      break;
    case 'c':
      if (admission::read_csv(body, {}, seen)) check_table(seen);
      break;
    case 'l':
      if (admission::read_list(body, defaults, seen)) check_list(body, seen);
      break;
    default:
      break;
  }
  return 0;
}
