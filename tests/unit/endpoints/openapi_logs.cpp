#include "tests/unit/endpoints/openapi_logs.hpp"

#include "schema/log/checkpoint.hpp"
#include "schema/log/manifest.hpp"

namespace tocsin::test {

void use_logs(Reporter& report, Hub& hub) {
  hub.world.publish_logs();
  report.ask("GET", "/log/data/checkpoint", hub.admin);
  report.ask("GET", "/log/data/tile/0/000.p/1", hub.admin);
  report.ask("GET", "/log/data/openings?from=0&to=0", hub.world.add_token("Aurora", "peer"));
}

void ask_logs_wrongly(Reporter& report, Hub& hub) {
  hub.world.publish_logs();
  auto const peer = hub.world.add_token("Aurora", "peer");
  std::string const unknown = "/log/of/" + std::string(64, '0') + "/data/";
  for (char const* part : {"checkpoint", "tile/0/000", "openings?from=0&to=0"}) report.ask("GET", unknown + part, peer);
  report.ask("POST", unknown + "receipts", peer, "no receipt");
  for (char const* target : {"nothing/openings?from=0&to=0", "data/openings?from=0", "data/openings?from=0&to=60000",
                             "data/checkpoint?wait=5"})
    report.ask("GET", "/log/" + std::string(target), peer);
  hub.world.add_peer("c.example");
  auto& context = hub.world.instance().context();
  context.ledger.perform(
      [&] { (void)context.peering.set_state("c.example", store::PeerState::active, "", context.clock.now_us()); });
  auto const token = hub.world.add_token("c.example", "peer");
  auto const path = "/witness/" + log::origin_hash(log::control_origin("c.example/log"));
  for (char const* part : {"/tile/0/000", "/openings?from=0&to=1", "/openings?from=0"})
    report.ask("GET", path + part, token);
}

}  // namespace tocsin::test
