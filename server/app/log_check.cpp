#include "server/app/log_check.hpp"

#include <iostream>

#include "server/app/log_keys.hpp"
#include "server/app/publishing.hpp"
#include "server/ledger/verify.hpp"

namespace tocsin::app {

core::Result<std::vector<std::string>> compare_with_signed(Layout const& layout, base::Config const& config,
                                                           store::LogStore& logs) {
  struct Log {
    store::LogName name;
    std::filesystem::path file;
  };
  std::vector<std::string> findings;
  for (auto const& [name, file] : {Log{store::LogName::data, layout.log_state(config)},
                                   Log{store::LogName::control, layout.control_log_state(config)}}) {
    auto state = ledger::read_log_state(file);
    if (!state) return std::unexpected(state.error());
    if (!*state) continue;
    auto root = ledger::root_at(logs, name, (*state)->log.size);
    if (!root) return std::unexpected(root.error());
    bool const sealed = !*root && name == store::LogName::data;
    if (!sealed && *root != (*state)->log.root)
      findings.push_back("the first " + std::to_string((*state)->log.size) + " leaves are not those that " +
                         file.string() + " tells of, which were signed");
  }
  return findings;
}

void say_log_keys(Layout const& layout) {
  if (auto keys = log_signing_keys(layout); keys)
    std::cout << "log-key\tdata\t" << keys->data.verifier().text() << "\nlog-key\tcontrol\t"
              << keys->control.verifier().text() << '\n';
  if (auto freshness = read_verifier(layout.freshness_public_key()); freshness)
    std::cout << "log-key\tfreshness\t" << freshness->text() << '\n';
}

}  // namespace tocsin::app
