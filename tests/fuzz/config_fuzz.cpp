// A configuration is either accepted with every value in its range, or refused with mistakes that can be shown and
// acted on; and what a new file is made of comes back from it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "schema/core/bytes.hpp"
#include "server/base/config.hpp"

namespace {

using namespace tocsin;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_mistakes(base::ConfigErrors const& mistakes) {
  require(!mistakes.empty());
  for (auto const& mistake : mistakes) {
    require(mistake.code == core::Code::config_invalid);
    require(!mistake.detail.empty() && mistake.detail.size() <= 600 && core::is_utf8(mistake.detail));
    require(!mistake.remedy.empty() && mistake.pointer.size() <= 300 && core::is_utf8(mistake.pointer));
  }
}

void check_config(base::Config const& config) {
  require(!config.instance.name.empty() && core::is_utf8(config.instance.name));
  require(base::is_host_name(config.instance.host) || base::is_ip_address(config.instance.host));
  require(base::is_ip_address(config.listen.https.host));
  require(!config.listen.loopback || config.listen.loopback->is_loopback());
  require(config.http.max_connections >= 1 && config.http.handshake_timeout_s >= 1);
  require(config.taxii.default_page >= 1 && config.taxii.default_page <= config.taxii.max_page);
  require(config.store.reader_threads >= 1 && config.store.reader_threads <= 64);
}

// Any text put into a new file as the name comes back unchanged, or is refused.
void check_template(std::string_view name) {
  base::ConfigSetting const settings[] = {
      {"instance.name", std::string(name)},
      {"instance.host", std::string("tocsin.example")},
      {"instance.identity", std::string("identity--8f3a2f6e-3f0e-4c0b-9d5a-0b1c2d3e4f50")},
      {"instance.origin", std::string("tocsin.example/log")},
  };
  auto text = base::config_template(settings);
  if (!text) return check_mistakes(text.error());
  auto config = base::parse_config(*text);
  require(config && config->instance.name == name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  auto config = base::parse_config(input);
  if (config)
    check_config(*config);
  else
    check_mistakes(config.error());
  if (size <= 128) check_template(input);
  return 0;
}
