#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

// "confirmed 3, suspected 1", or "none".
std::string counts_of(json const& counts) {
  std::string out;
  for (auto const& [name, count] : counts.items())
    if (count.is_number_unsigned()) out += (out.empty() ? "" : ", ") + name + " " + count.dump();
  return out.empty() ? "none" : out;
}

void print(Console& console, json const& answer) {
  for (auto const& of : list_or_empty(answer, "indicators"))
    console.out << printable(text_or(of, "kind")) << ": " << number_or(of, "live", 0) << " live, "
                << number_or(of, "over", 0) << " over, " << number_or(of, "shared_by_others", 0)
                << " shared by others too, " << number_or(of, "disputed", 0) << " disputed\n";
  console.out << "sightings: " << printable(counts_of(object_or_empty(answer, "sightings"))) << '\n'
              << "opinions: " << printable(counts_of(object_or_empty(answer, "opinions"))) << '\n';
  auto const& readers = object_or_empty(answer, "readers");
  console.out << counted(number_or(readers, "organisations", 0), "other organisation", "other organisations")
              << " may have read of it" << (flag_or(readers, "complete", true) ? "" : ", or more") << '\n';
  if (!flag_or(answer, "complete", true)) console.out << "There is more than one report looks at: give --since.\n";
}

}  // namespace

Outcome<Exit> report(Session& session, Console& console, std::optional<std::string> const& since) {
  Target target("/api/v1/report");
  if (since) target.with("since", *since);
  auto const answer = session.get_json(target.text(), kJson);
  if (!answer) return std::unexpected(answer.error());
  if (console.json)
    console.out << answer->dump() << '\n';
  else
    print(console, *answer);
  return Exit::ok;
}

}  // namespace tocsin::client
