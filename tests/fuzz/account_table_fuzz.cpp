// Tables of accounts of any bytes: however the text is cut into pieces, the same rows come out of it, every row is
// taken or counted as skipped, and what is drafted of few rows is nothing.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/draft/account_table.hpp"
#include "clients/cpp/draft/gathering.hpp"

namespace {

using namespace tocsin::client;

void must(bool holds) {
  if (!holds) std::abort();
}

struct Table {
  bool read = false;
  std::vector<std::vector<std::string>> rows;
  TableCounts counts;
};

Table read(std::string_view text, std::size_t piece) {
  Table out;
  AccountTable table(ColumnNames::parse({"provider=p"}).value(),
                     [&](AccountRow const& row) { out.rows.emplace_back(row.begin(), row.end()); });
  Outcome<void> fed;
  for (std::size_t begin = 0; fed && begin < text.size(); begin += piece) fed = table.feed(text.substr(begin, piece));
  out.read = fed && table.finish();
  out.counts = table.counts();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const whole = read(text, size + 1);
  auto const bytes = read(text, 1);
  must(whole.read == bytes.read && whole.rows == bytes.rows && whole.counts.rows == bytes.counts.rows);
  must(whole.counts.rows == whole.rows.size() + whole.counts.torn.rows + whole.counts.nameless.rows);
  Gathering gathering(whole.rows.size() + 1);
  for (auto const& cells : whole.rows) {
    must(!cells[at(Field::account)].empty());
    AccountRow row;
    for (std::size_t i = 0; i < kFields; ++i) row[i] = cells[i];
    gathering.add(row);
  }
  auto const common = gathering.common();
  must(common.size() == 0 && common.accounts <= whole.rows.size());
  return 0;
}
