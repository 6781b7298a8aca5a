#include "clients/cpp/completion.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/unit/client/temporary_folder.hpp"

using namespace tocsin::client;

namespace {

ProgramHelp const kHelp{{{"--json", "Print it's [JSON]", false, {}}, {"--url", "The server", true, {}}},
                        {{"pull", "Pull", {{"--format", "How", true, {"ndjson", "bundle"}}}, {}},
                         {"push", "Push: now", {}, {}},
                         {"completion", "Script", {}, {"bash", "zsh"}}}};

// What bash offers after these words, the last of which is being typed.
std::string offered(std::string const& words) {
  tocsin::test::TemporaryFolder folder;
  auto const script =
      folder.file("script", *completion_script("bash", kHelp) + "COMP_WORDS=(" + words +
                                ")\nCOMP_CWORD=$((${#COMP_WORDS[@]}-1))\n_tocsin\necho \"${COMPREPLY[*]}\"\n");
  std::string out;
  std::FILE* pipe = ::popen(("bash " + script.string() + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer;
  while (auto const size = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), size);
  CHECK(::pclose(pipe) == 0);
  return out;
}

}  // namespace

TEST_CASE("bash completes commands, options and their values", "[client][completion]") {
  CHECK(offered("tocsin pu") == "pull push\n");
  CHECK(offered("tocsin --j") == "--json\n");
  CHECK(offered("tocsin --json pul") == "pull\n");
  CHECK(offered("tocsin pull --") == "--format --json --url\n");
  CHECK(offered("tocsin pull --format b") == "bundle\n");
  CHECK(offered("tocsin completion z") == "zsh\n");
}

TEST_CASE("zsh and fish know every command and option, with descriptions that cannot end a quote",
          "[client][completion]") {
  for (auto const* shell : {"zsh", "fish"}) {
    auto const script = *completion_script(shell, kHelp);
    for (auto const* word : {"pull", "push", "completion", "format", "ndjson bundle", "Print its JSON", "url"}) {
      CAPTURE(shell, word);
      CHECK(script.contains(word));
    }
    CHECK(std::ranges::count(script, '\'') % 2 == 0);
  }
  CHECK_FALSE(completion_script("tcsh", kHelp));
}
