#include <future>

#include "tests/support/catch.hpp"
#include "tests/unit/ledger/writer.hpp"

using namespace tocsin;

namespace {

core::Result<std::vector<ledger::Receipt>> whole(test::Writer& writer, std::vector<ledger::Submission> submissions) {
  std::promise<core::Result<std::vector<ledger::Receipt>>> answered;
  writer.ledger->submit_whole(std::move(submissions), [&](auto result) { answered.set_value(std::move(result)); });
  return answered.get_future().get();
}

std::vector<ledger::Submission> two(ledger::Submission first, ledger::Submission second) {
  std::vector<ledger::Submission> out;
  out.push_back(std::move(first));
  out.push_back(std::move(second));
  return out;
}

bool has_status(test::Writer& writer, core::Uuid const& id, store::RowId organisation) {
  return writer.database->open_reader().value()->status(id, organisation).value().has_value();
}

}  // namespace

TEST_CASE("submissions that are stored whole are one transaction, and each has its receipt", "[ledger][whole]") {
  test::Writer writer;
  auto const receipts = whole(writer, two(writer.submission(1, 2), writer.submission(2, 3))).value();
  REQUIRE(receipts.size() == 2);
  CHECK(receipts[0].fates.size() == 2);
  CHECK(receipts[1].fates.size() == 3);
  CHECK(writer.commits == std::vector<std::size_t>{5});
  for (auto const& receipt : receipts) CHECK(has_status(writer, receipt.record.id, receipt.record.organisation));
}

TEST_CASE("when one object is refused nothing of any submission is stored, and the last fate tells why",
          "[ledger][whole]") {
  test::Writer writer;
  auto known = writer.submission(2, 1);
  auto conflicting = writer.submission(2, 3);
  conflicting.candidates[1] =
      test::make_candidate(2, known.candidates[0].uuid, 10, {stix::Tlp::green, false}, "indicator", "other content");
  REQUIRE(whole(writer,
                [&] {
                  std::vector<ledger::Submission> one;
                  one.push_back(std::move(known));
                  return one;
                }())
              .has_value());
  auto const grown = writer.generations.growth(1);
  auto const receipts = whole(writer, two(writer.submission(1, 2), std::move(conflicting))).value();
  REQUIRE(receipts.size() == 2);
  REQUIRE(receipts[1].fates.size() == 2);
  CHECK(receipts[1].fates[1].kind == store::Verdict::Kind::refuse);
  CHECK(receipts[1].fates[1].error.code == core::Code::version_conflict);
  for (auto const& receipt : receipts) CHECK_FALSE(has_status(writer, receipt.record.id, receipt.record.organisation));
  // Nobody is told of a commit that was none.
  CHECK(writer.commits == std::vector<std::size_t>{1});
  CHECK(writer.generations.growth(1) == grown);
}

TEST_CASE("nothing is stored whole where too little space is free", "[ledger][whole]") {
  ledger::CommitLimits limits;
  limits.free_space_bytes = std::int64_t{1} << 60;
  test::Writer writer(limits);
  auto const refused = whole(writer, two(writer.submission(1, 1), writer.submission(2, 1)));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::storage_full);
  CHECK(writer.commits.empty());
}

TEST_CASE("a transaction that fails stores nothing of any submission, and the next one is stored", "[ledger][whole]") {
  test::Writer writer;
  writer.run("CREATE TRIGGER broken BEFORE INSERT ON leaves BEGIN SELECT RAISE(ABORT, 'broken'); END");
  auto const refused = whole(writer, two(writer.submission(1, 1), writer.submission(2, 1)));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::storage_failed);
  CHECK(writer.commits.empty());
  writer.run("DROP TRIGGER broken");
  CHECK(whole(writer, two(writer.submission(1, 1), writer.submission(2, 1))).has_value());
  CHECK(writer.commits == std::vector<std::size_t>{2});
}
