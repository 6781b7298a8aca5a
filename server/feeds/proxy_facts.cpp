#include "server/feeds/proxy_facts.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "schema/kinds/extension_ids.hpp"

namespace tocsin::feeds {

nlohmann::json const* proxy_facts(nlohmann::json const& observable) {
  auto const extensions = observable.find("extensions");
  if (extensions == observable.end() || !extensions->is_object()) return nullptr;
  auto const facts = extensions->find(std::string(kinds::kProxyExtension));
  return facts == extensions->end() || !facts->is_object() ? nullptr : &*facts;
}

}  // namespace tocsin::feeds
