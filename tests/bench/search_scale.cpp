// Searches of indicators among few and among many, in one process: by value, by what contains an address, by what lies
// within a network, and the first page of a kind; each with who else says the same of what was found. Half of what
// there is, is hidden from the reader. Values lie as densely among few as among many, so that a search finds as much in
// both. Prints one line of JSON with searches a second among both.
//
// usage: search_scale DIRECTORY FEW MANY
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "schema/core/digest.hpp"
#include "server/store/database.hpp"

namespace {

using namespace tocsin;
constexpr double kSeconds = 3;
constexpr std::size_t kPage = 50, kMostClaims = 256;
constexpr std::size_t kAddressesEach = 16;

// Every class key stands for itself: what is measured is the index, not access.
class AcceptAll final : public store::CommitRules {
 public:
  store::Verdict judge(store::Candidate const&, store::ChainState const&) const override { return {}; }
  store::Seal seal(store::SealInput const&) const override { return {"{}", {}, {}}; }
};

template <class T>
T must(core::Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "search_scale: %s\n", result.error().detail.c_str());
  std::exit(1);
}

// Of those that lie among so many rows: from 100.0.0.0 on.
std::string address(std::mt19937& random, std::size_t rows) {
  auto const number = random() % (rows * kAddressesEach);
  std::string out = "100";
  for (int shift : {16, 8, 0}) out += "." + std::to_string(number >> shift & 0xff);
  return out;
}

store::Candidate candidate(std::mt19937& random, std::size_t rows) {
  store::Candidate out;
  out.asserter = 1;
  out.type = "indicator";
  out.kind = "ip-range";
  out.uuid = core::random_uuid();
  out.modified_ns = 1;
  out.class_key = random() % 2 == 0 ? "shown" : "hidden";
  auto const value = address(random, rows) + (random() % 2 == 0 ? "" : "/24");
  auto key = must(kinds::keys_of_value("ip-range", value)).front().first;
  out.bytes = static_cast<char>(key.size()) + key + std::string(900, 'x');
  out.digest = core::sha256(out.bytes);
  out.searchable = kinds::Searchable{{std::move(key)}, {}, 80, 0, {}};
  return out;
}

struct World {
  World(std::filesystem::path const& file, std::size_t size) : rows(size) {
    (void)must(store::migrate_sqlite(file));
    database = must(store::open_sqlite({file, 256}));
    AcceptAll rules;
    std::mt19937 random(7);
    std::vector<store::Candidate> batch;
    for (std::size_t i = 0; i < rows; ++i) {
      batch.push_back(candidate(random, rows));
      if (batch.size() < 1'000 && i + 1 < rows) continue;
      store::CommitPart part{1, batch, nullptr, true};
      (void)must(database->commits().commit({&part, 1}, rules, 1));
      database->commits().checkpoint(1'024);
      batch.clear();
    }
    for (auto const& row : must(database->accounts().classes()))
      if (row.key == "shown") sight.window.visible.insert(row.row);
    sight.collections = {1};
    reader = must(database->open_reader());
  }

  std::size_t rows;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::ReadStore> reader;
  store::Sight sight;
};

double searches_a_second(World& world) {
  std::mt19937 random(11);
  auto const started = std::chrono::steady_clock::now();
  auto const seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  };
  std::size_t searches = 0;
  for (; seconds() < kSeconds; ++searches) {
    auto const one = address(random, world.rows);
    store::IndicatorQuery query{world.sight, {}};
    query.limit = kPage;
    switch (searches % 4) {
      case 0:
        query.keys = must(kinds::keys_of_value("ip-range", one));
        break;
      case 1:
        query.keys = must(kinds::keys_containing(one));
        break;
      case 2:
        query.keys = must(kinds::keys_within(one + "/24"));
        break;
      default:
        query.keys = {kinds::keys_of_kind("ip-range")};
    }
    auto const page = must(world.reader->indicators().search(query));
    std::vector<std::vector<std::string>> values;
    for (auto const& found : page.rows)
      values.push_back({found.bytes.substr(1, static_cast<unsigned char>(found.bytes[0]))});
    (void)must(world.reader->indicators().claims(query.sight, values, kMostClaims));
  }
  return static_cast<double>(searches) / seconds();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::filesystem::path const folder = argv[1];
  World few(folder / "search-few.db", static_cast<std::size_t>(std::atol(argv[2])));
  World many(folder / "search-many.db", static_cast<std::size_t>(std::atol(argv[3])));
  double const among_few = searches_a_second(few), among_many = searches_a_second(many);
  std::printf("result {\"few\":%.1f,\"many\":%.1f}\n", among_few, among_many);
}
