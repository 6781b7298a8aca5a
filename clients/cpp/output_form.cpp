#include "clients/cpp/output_form.hpp"

#include <algorithm>
#include <array>

namespace tocsin::client {
namespace {

// Objects or items, one a line, and a script for a shell: no pipe may change them.
constexpr std::array<std::string_view, 7> kForPrograms{"completion", "draft", "get", "mine", "profile", "pull", "watch"};

}  // namespace

Outcome<bool> prints_json(FormOptions const& given, std::string_view command, bool piped,
                          Environment const& environment) {
  auto const set = environment("TOCSIN_FORMAT");
  if (set && *set != "table" && *set != "json")
    return fail(Exit::local, "TOCSIN_FORMAT is neither table nor json.", "Set it to one of them, or unset it.");
  if (given.json || given.table) return given.json;
  if (std::ranges::find(kForPrograms, command) != kForPrograms.end()) return false;
  return set ? *set == "json" : piped;
}

}  // namespace tocsin::client
