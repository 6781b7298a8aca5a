#include "server/app/reload.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/app/peering_warnings.hpp"
#include "server/app/server_options.hpp"
#include "server/app/warnings.hpp"

namespace tocsin::app {

Reload::Reload(Layout const& layout, base::Config started, Instance& instance, http::Server& server, Expiry& expiry)
    : layout_(layout), started_(std::move(started)), instance_(instance), server_(server), expiry_(expiry) {}

void Reload::operator()() {
  base::Log& log = instance_.log();
  auto config = load_config(layout_);
  if (!config) {
    for (auto const& mistake : config.error())
      log.error("reload.refused", {{"file", "tocsin.toml"}, {"mistake", mistake.detail}, {"remedy", mistake.remedy}});
    return;
  }
  auto options = server_options(layout_, *config);
  if (auto done = server_.reload(options.tls, options); !done) {
    log.error(
        "reload.refused",
        {{"file", "certificate"},
         {"mistake", done.error().detail},
         {"remedy",
          done.error().remedy.empty()
              ? std::string_view("Put a certificate and the key that belongs to it in place, then send SIGHUP again.")
              : std::string_view(done.error().remedy)}});
    return;
  }
  instance_.reload(*config);
  std::string keys;
  for (auto const& key : base::keys_that_need_a_restart(started_, *config)) keys += (keys.empty() ? "" : ", ") + key;
  if (!keys.empty())
    log.warning("reload.incomplete", {{"keys", keys}, {"remedy", "What these keys say needs a restart."}});
  auto found = warnings(layout_, *config);
  std::ranges::move(peering_warnings(layout_, *config, instance_.context().peering), std::back_inserter(found));
  std::ranges::move(expiry_.look(layout_, *config, base::SystemClock().now_us()), std::back_inserter(found));
  for (auto const& warning : found)
    log.warning(warning.event, {{"mistake", warning.sentence}, {"remedy", warning.remedy}});
  log.info("reload.done");
}

}  // namespace tocsin::app
