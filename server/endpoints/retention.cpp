#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/ledger/retention.hpp"

namespace tocsin::endpoints {

// How much is due by each rule, and since when; nothing of what it is.
Answer admin_retention(Context& context, http::Request& request) {
  auto const& periods = context.settings.retention;
  auto const rules = ledger::rules_at(periods, context.clock.now_us());
  auto due = co_await context.bridge.run<std::vector<store::Due>>(
      0, [&](store::ReadStore& reader) { return reader.retention().due(rules); });
  if (!due) co_return error_answer(request, due.error());
  auto const entry = [](std::string const& rule, nlohmann::json days, store::Due const* of) {
    nlohmann::json oldest;
    if (of != nullptr && of->oldest_us) oldest = stix::Timestamp::from_microseconds(*of->oldest_us).text();
    return nlohmann::json{
        {"rule", rule}, {"days", std::move(days)}, {"due", of != nullptr ? of->versions : 0}, {"oldest", oldest}};
  };
  nlohmann::json list = nlohmann::json::array({entry("share_until", 0, &due->front())});
  auto next = due->begin() + 1;
  for (auto const& period : periods)
    list.push_back(period.days > 0 ? entry(period.kind, period.days, &*next++) : entry(period.kind, nullptr, nullptr));
  co_return json_answer(200, {{"rules", list}});
}

}  // namespace tocsin::endpoints
