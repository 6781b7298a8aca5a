// When a page is served from memory, and when it is made again.
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/unit/catalog/shelf.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

catalog::PageRequest numbered(Shelf const& shelf, std::int64_t number) {
  auto request = shelf.request();
  request.after_sequence = number;
  return request;
}

std::size_t kept(Shelf& shelf, std::int64_t from, std::int64_t to) {
  std::size_t count = 0;
  for (auto number = from; number < to; ++number) count += shelf.has(numbered(shelf, number)) ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("A page is made once, and then the same one is served", "[catalog][cache]") {
  Shelf shelf;
  CHECK_FALSE(shelf.has(shelf.request()));
  auto made = shelf.make(shelf.request(), page_of(1, 3, false));
  CHECK(shelf.find(shelf.request()) == made);
  CHECK(shelf.find(shelf.request()) == made);
}

TEST_CASE("What is added to a collection drops the page at its end, and no full one", "[catalog][cache]") {
  Shelf shelf;
  auto full = shelf.request(), end = numbered(shelf, 3);
  shelf.make(full, page_of(1, 3, true));
  shelf.make(end, page_of(4, 1, false));
  shelf.generations.grow(2);
  CHECK((shelf.has(full) && shelf.has(end)));
  shelf.generations.grow(1);
  CHECK(shelf.has(full));
  CHECK_FALSE(shelf.has(end));
}

TEST_CASE("An empty page is dropped with the first object", "[catalog][cache]") {
  Shelf shelf;
  shelf.make(shelf.request(), {});
  CHECK(shelf.has(shelf.request()));
  shelf.generations.grow(1);
  CHECK_FALSE(shelf.has(shelf.request()));
}

TEST_CASE("A change of an older publication drops the pages that it may stand on", "[catalog][cache]") {
  constexpr auto kBlock = ledger::Generations::kBlock;
  Shelf shelf;
  auto first = shelf.request(), second = numbered(shelf, 3 * kBlock), end = numbered(shelf, 6 * kBlock);
  auto make_all = [&] {
    shelf.make(first, page_of(1, 50, true));
    shelf.make(second, page_of(3 * kBlock + 1, 50, true));
    shelf.make(end, page_of(6 * kBlock + 1, 50, false));
  };
  make_all();
  shelf.generations.touch(20);
  CHECK_FALSE(shelf.has(first));
  CHECK((shelf.has(second) && shelf.has(end)));
  make_all();
  shelf.generations.touch(3 * kBlock + 50);
  CHECK_FALSE(shelf.has(second));
  CHECK((shelf.has(first) && shelf.has(end)));
  make_all();
  shelf.generations.touch(9 * kBlock);
  CHECK_FALSE(shelf.has(end));
  CHECK((shelf.has(first) && shelf.has(second)));
}

TEST_CASE("A page that changed while it was made is answered, and not kept", "[catalog][cache]") {
  Shelf shelf;
  std::function<void()> meanwhile;
  ScriptedReader reader([&](store::PageQuery const&) {
    meanwhile();
    return page_of(1, 3, false);
  });
  auto key = catalog::Pages::key(shelf.request());
  for (auto const& change : {std::function<void()>([&] { shelf.generations.touch(2); }),
                             std::function<void()>([&] { shelf.generations.grow(1); })}) {
    meanwhile = change;
    REQUIRE(shelf.pages.render(reader, shelf.request(), key).has_value());
    CHECK(shelf.pages.find(key) == nullptr);
  }
  meanwhile = [] {};
  REQUIRE(shelf.pages.render(reader, shelf.request(), key).has_value());
  CHECK(shelf.pages.find(key) != nullptr);
}

TEST_CASE("A failure of the reader is passed on, and nothing is kept", "[catalog][cache]") {
  Shelf shelf;
  ScriptedReader reader([](store::PageQuery const&) { return core::fail(core::Code::storage_failed, "No."); });
  auto key = catalog::Pages::key(shelf.request());
  auto made = shelf.pages.render(reader, shelf.request(), key);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == core::Code::storage_failed);
  CHECK(shelf.pages.find(key) == nullptr);
}

TEST_CASE("A page that is made again replaces the old one", "[catalog][cache]") {
  Shelf shelf;
  auto old = shelf.make(shelf.request(), page_of(1, 1, false));
  auto young = shelf.make(shelf.request(), page_of(1, 2, false));
  CHECK(shelf.find(shelf.request()) == young);
  CHECK(old->count == 1);
}

TEST_CASE("A page outlives its place in memory for whoever holds it", "[catalog][cache]") {
  Shelf shelf;
  auto held = shelf.make(shelf.request(), page_of(1, 3, false));
  auto const body = held->body;
  shelf.generations.grow(1);
  CHECK_FALSE(shelf.has(shelf.request()));
  CHECK(held->body == body);
}

TEST_CASE("Pages take no more memory than they are given, and those used least go first", "[catalog][cache]") {
  constexpr std::size_t kPages = 64, kSize = 16 << 10;
  Shelf shelf(kPages * kSize);
  auto page = page_of(1, 1, true, std::string(kSize, 'x'));
  auto favourite = numbered(shelf, 0);
  for (std::int64_t number = 0; number < 4 * static_cast<std::int64_t>(kPages); ++number) {
    shelf.make(numbered(shelf, number), page);
    CHECK(shelf.has(favourite));  // and is used by that
  }
  CHECK(kept(shelf, 0, 256) <= kPages);
  CHECK(kept(shelf, 0, 256) > kPages / 2);
  CHECK(kept(shelf, 1, 64) == 0);
}

TEST_CASE("Small pages are counted with what keeping them costs", "[catalog][cache]") {
  constexpr std::size_t kBudget = 512 << 10;
  Shelf shelf(kBudget);
  for (std::int64_t number = 0; number < 20'000; ++number) shelf.make(numbered(shelf, number), {});
  auto count = kept(shelf, 0, 20'000);
  CHECK(count > 100);
  CHECK(count * 256 < kBudget);
}

TEST_CASE("A page too large for its share of the memory is answered, and not kept", "[catalog][cache]") {
  Shelf shelf(8 << 10);
  auto made = shelf.make(shelf.request(), page_of(1, 1, false, std::string(4 << 10, 'x')));
  CHECK(made->body.size() > (4 << 10));
  CHECK_FALSE(shelf.has(shelf.request()));
}

TEST_CASE("Pages served and pages made are counted", "[catalog][cache]") {
  Shelf shelf;
  CHECK_FALSE(shelf.has(shelf.request()));
  shelf.make(shelf.request(), page_of(1, 3, false));
  for (int i = 0; i < 3; ++i) CHECK(shelf.has(shelf.request()));
  auto text = shelf.metrics.render();
  CHECK(text.contains("tocsin_page_cache_hits_total 3\n"));
  CHECK(text.contains("tocsin_page_cache_misses_total 1\n"));
}

TEST_CASE("Nobody is served a page older than a change that was over before he asked", "[catalog][cache]") {
  Shelf shelf;
  std::atomic<int> stored{0}, announced{0}, stale{0}, asked{0};
  auto ask = [&] {
    ScriptedReader reader([&](store::PageQuery const&) { return page_of(1, 1, false, std::to_string(stored.load())); });
    auto const key = catalog::Pages::key(shelf.request());
    while (announced.load() < 2'000) {
      int const before = announced.load();
      auto page = shelf.pages.find(key);
      if (page == nullptr) page = shelf.pages.render(reader, shelf.request(), key).value();
      if (std::stoi(page->body.substr(page->body.find('[') + 1)) < before) ++stale;
      ++asked;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(ask);
  for (int change = 1; change <= 2'000; ++change) {
    stored.store(change);
    if (change % 2 == 0)
      shelf.generations.touch(1);
    else
      shelf.generations.grow(1);
    announced.store(change);
    while (asked.load() < change) std::this_thread::yield();
  }
  for (auto& thread : threads) thread.join();
  CHECK(stale == 0);
}
