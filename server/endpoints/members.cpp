#include "server/endpoints/members.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"

namespace tocsin::endpoints {

Members::Members() = default;
Members::Members(Members&&) noexcept = default;
Members::~Members() = default;

core::Result<Members> Members::parse(std::string_view text) {
  auto document = stix::parse_json(text);
  if (!document) return std::unexpected(document.error());
  if (!document->is_object()) return core::fail(core::Code::bad_parameter, "The body is not a JSON object.");
  Members members;
  members.document_ = std::make_unique<nlohmann::json>(*std::move(document));
  return members;
}

std::optional<std::string> Members::optional_text(std::string const& name) {
  taken_.insert(name);
  auto found = document_->find(name);
  if (found == document_->end() || found->is_null()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  mistake_ = core::Error{core::Code::bad_parameter, "`" + name + "` is not a string.", "/" + name, ""};
  return std::nullopt;
}

std::string Members::text(std::string const& name) { return optional_text(name).value_or(""); }

std::vector<std::string> Members::list(std::string const& name) {
  taken_.insert(name);
  std::vector<std::string> out;
  auto found = document_->find(name);
  if (found == document_->end() || found->is_null()) return out;
  bool good = found->is_array();
  if (good)
    for (auto const& item : *found) {
      good = good && item.is_string();
      if (good) out.push_back(item.get<std::string>());
    }
  if (!good)
    mistake_ = core::Error{core::Code::bad_parameter, "`" + name + "` is not a list of strings.", "/" + name, ""};
  return out;
}

core::Result<void> Members::finish() {
  if (mistake_) return std::unexpected(*mistake_);
  for (auto const& [name, value] : document_->items())
    if (!taken_.contains(name))
      return core::fail(core::Code::property_unknown, "`" + name.substr(0, 60) + "` is not a member of this request.",
                        "", "Leave it out.");
  return {};
}

}  // namespace tocsin::endpoints
