// A page of the store for a reader with 16 rare classes, who sees one publication in 10,000, beside one who sees all:
// the same number of objects a page, in one process. Prints one line of JSON with pages a second of both.
//
// usage: rare_classes DIRECTORY ROWS
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "schema/core/digest.hpp"
#include "server/store/database.hpp"

namespace {

using namespace tocsin;
constexpr std::size_t kRare = 16, kOneIn = 10'000;

// Every class key stands for itself: what is measured is the index, not access.
class AcceptAll final : public store::CommitRules {
 public:
  store::Verdict judge(store::Candidate const&, store::ChainState const&) const override { return {}; }
  store::Seal seal(store::SealInput const&) const override { return {"{}", {}, {}}; }
};

template <class T>
T must(core::Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "rare_classes: %s\n", result.error().detail.c_str());
  std::exit(1);
}

store::Candidate candidate(std::size_t number) {
  store::Candidate out;
  out.asserter = 1;
  out.type = out.kind = "indicator";
  out.uuid = core::random_uuid();
  out.modified_ns = 1;
  bool rare = number % kOneIn == 0;
  out.class_key = rare ? "rare-" + std::to_string(number / kOneIn % kRare) : "everybody";
  out.bytes.assign(684, 'x');
  out.digest = core::sha256(out.bytes);
  return out;
}

void fill(store::Database& database, std::size_t rows) {
  AcceptAll rules;
  std::vector<store::Candidate> batch;
  for (std::size_t i = 0; i < rows; ++i) {
    batch.push_back(candidate(i));
    if (batch.size() < 1'000 && i + 1 < rows) continue;
    store::CommitPart part{1, batch, nullptr, true};
    (void)must(database.commits().commit({&part, 1}, rules, 1));
    database.commits().checkpoint(1'024);
    batch.clear();
  }
}

// Pages a second over all pages of the reader's view, for about three seconds.
double pages_a_second(store::ReadStore& reader, store::ClassSet visible, std::size_t limit) {
  auto started = std::chrono::steady_clock::now();
  auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(); };
  std::size_t pages = 0;
  std::int64_t after = 0;
  while (seconds() < 3) {
    store::PageQuery query;
    query.collection = 1;
    query.window.visible = visible;
    query.after_sequence = after;
    query.limit = limit;
    store::Page page = must(reader.page(query));
    if (page.count == 0) std::exit(1);
    after = page.more ? page.rows.back().sequence : 0;
    ++pages;
  }
  return static_cast<double>(pages) / seconds();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::filesystem::path file = std::filesystem::path(argv[1]) / "rare.db";
  (void)must(store::migrate_sqlite(file));
  auto database = must(store::open_sqlite({file, 256}));
  auto rows = static_cast<std::size_t>(std::atol(argv[2]));
  fill(*database, rows);
  store::ClassSet all, rare;
  for (auto const& row : must(database->accounts().classes())) {
    all.insert(row.row);
    if (row.key != "everybody") rare.insert(row.row);
  }
  auto reader = must(database->open_reader());
  std::size_t limit = rows / kOneIn / 2;  // two pages of all that is rare
  double few = pages_a_second(*reader, rare, limit), everything = pages_a_second(*reader, all, limit);
  std::printf("result {\"limit\":%zu,\"rare\":%.1f,\"all\":%.1f}\n", limit, few, everything);
}
