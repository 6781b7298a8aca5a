#include "server/app/allow_verbs.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "server/admission/harm/list_file.hpp"
#include "server/app/admin_call.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

using nlohmann::json;

constexpr char kPath[] = "/api/v1/admin/allow-lists";
constexpr std::size_t kLongestFile = 32u << 20;

int change(Layout const& layout, std::string const& path, json const& body) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  auto answer = admin_call(layout, *config, http::Method::post, path, body);
  if (!answer) return report(answer.error());
  std::cout << "added\t" << answer->at("added").get<std::size_t>() << "\nremoved\t"
            << answer->at("removed").get<std::size_t>() << '\n';
  return 0;
}

}  // namespace

int allow_add(Layout const& layout, AllowWords const& words) {
  return change(layout, kPath, {{"name", words.name}, {"kind", words.kind}, {"entries", words.entries}});
}

int allow_import(Layout const& layout, AllowWords const& words) {
  auto text = base::read_file(words.file, kLongestFile);
  if (!text) return report(text.error());
  auto const file = admission::harm::parse_list_file(*text, words.kind);
  if (!file) return report(file.error());
  return change(layout, std::string(kPath) + "/import",
                {{"name", words.name}, {"kind", file->kind}, {"entries", file->entries}});
}

int allow_list(Layout const& layout) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  auto answer = admin_call(layout, *config, http::Method::get, kPath, json::object());
  if (!answer) return report(answer.error());
  for (auto const& one : answer->at("allow_lists"))
    std::cout << one.at("name").get<std::string>() << '\t' << one.at("kind").get<std::string>() << '\t'
              << one.at("entries").get<std::size_t>() << '\t' << one.at("changed").get<std::string>() << '\n';
  return 0;
}

int allow_remove(Layout const& layout, AllowWords const& words) {
  return change(layout, std::string(kPath) + "/remove", {{"name", words.name}, {"entries", words.entries}});
}

}  // namespace tocsin::app
