// The document against what the server answers while a submission is not stored yet.
#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"
#include "tests/unit/endpoints/openapi_reporter.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

HeaderList const kTaxii{{"Content-Type", "application/taxii+json;version=2.1"}};

}  // namespace

TEST_CASE("The status of a large submission has the described shape while it is pending and afterwards",
          "[endpoints][openapi]") {
  constexpr int kLarge = 10'001;
  Hub hub;
  hub.world.instance().context().limiter.set_rate(0, 0);  // none
  Reporter report(hub);
  std::string body = "{\"objects\":[5";
  for (int i = 0; i < kLarge; ++i)
    body += R"(,{"type":"mutex","id":"mutex--8e2e2d2b-17d4-4cbf-938f-)" + std::to_string(100'000'000'000 + i) +
            R"(","name":"n","spec_version":"2.1"})";
  auto status = json_of(report.ask("POST", hub.objects(), hub.analyst, body + "]}", kTaxii));
  auto const target = "/taxii2/root/status/" + status["id"].get<std::string>() + "/";
  while (status["status"] == "pending") {
    CHECK(status["pending_count"] == kLarge);
    CHECK(status["total_count"] == kLarge + 1);
    hub.world.instance().context().ledger.perform([] {});  // until the transaction that runs now has ended
    status = json_of(report.ask("GET", target, hub.analyst));
  }
  CHECK(status["success_count"] == kLarge);
  CHECK(status["failure_count"] == 1);
}
