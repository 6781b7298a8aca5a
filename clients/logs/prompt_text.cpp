#include "clients/logs/prompt_text.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::logs {
namespace {

using stix::Json;

void add_line(std::string& out, std::string_view text) {
  if (!out.empty() && !text.empty()) out += '\n';
  out += text;
}

void add(Json const& value, std::string& out) {
  if (value.is_string()) return add_line(out, value.get_ref<std::string const&>());
  if (value.is_array())
    for (auto const& one : value) add(one, out);
  if (!value.is_object()) return;
  auto const role = value.find("role");
  if (role != value.end() && *role == "assistant") return;
  for (auto const* name : {"content", "text"})
    if (auto const found = value.find(name); found != value.end()) return add(*found, out);
}

}  // namespace

std::string prompt_of(Json const& value) {
  std::string out;
  add(value, out);
  return out;
}

std::string prompt_of_text(std::string const& text, std::string& model) {
  if (text == "-") return {};
  if (!text.starts_with('{')) return text;
  auto const body = stix::parse_json(text);
  if (!body || !body->is_object()) return text;
  auto const named = body->find("model");
  if (model.empty() && named != body->end() && named->is_string()) model = named->get<std::string>();
  for (auto const* name : {"messages", "prompt", "input"})
    if (auto const found = body->find(name); found != body->end())
      if (auto out = prompt_of(*found); !out.empty()) return out;
  return text;
}

}  // namespace tocsin::logs
