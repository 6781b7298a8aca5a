#include "clients/cpp/completion.hpp"

#include <array>
#include <cstdio>

#include "tests/support/catch.hpp"
#include "tests/unit/client/temporary_folder.hpp"

using namespace tocsin::client;

namespace {

ProgramHelp const kHelp{{{"--json", "Print it's [JSON]", Value::none, {}},
                         {"--url", "The server: https://HOST[:PORT]", Value::text, {}},
                         {"--ca", "Authorities", Value::file, {}}},
                        {{"pull", "Pull", {{"--format", "How", Value::choice, {"ndjson", "bundle"}}}, Value::none, {}},
                         {"push", "Push: now", {}, Value::file, {}},
                         {"completion", "Script", {}, Value::choice, {"bash", "zsh"}}}};

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
  CHECK(offered("tocsin pull --") == "--format --json --url --ca\n");
  CHECK(offered("tocsin pull --format b") == "bundle\n");
  CHECK(offered("tocsin completion z") == "zsh\n");
}

TEST_CASE("bash offers file names where a file is meant, and nowhere else", "[client][completion]") {
  tocsin::test::TemporaryFolder folder;
  auto const file = folder.file("only", "").string();
  auto const begun = file.substr(0, file.size() - 2);
  CHECK(offered("tocsin --ca " + begun) == file + "\n");
  CHECK(offered("tocsin push " + begun) == file + "\n");
  CHECK(offered("tocsin --url " + begun) == "\n");
  CHECK(offered("tocsin pull --url " + begun) == "\n");
  CHECK(offered("tocsin pull " + begun) == "\n");
}

TEST_CASE("zsh and fish know every command and option", "[client][completion]") {
  for (auto const* shell : {"zsh", "fish"}) {
    auto const script = *completion_script(shell, kHelp);
    for (auto const* word : {"pull", "push", "completion", "format", "ndjson bundle", "url"}) {
      CAPTURE(shell, word);
      CHECK(script.contains(word));
    }
  }
  CHECK_FALSE(completion_script("tcsh", kHelp));
}

TEST_CASE("descriptions keep their marks, each quoted as its shell wants it", "[client][completion]") {
  auto const zsh = *completion_script("zsh", kHelp), fish = *completion_script("fish", kHelp);
  CHECK(zsh.contains(R"('--json[Print it'\''s \[JSON\]]')"));
  CHECK(zsh.contains(R"('--url[The server\: https\://HOST\[\:PORT\]]:value: ')"));
  CHECK(zsh.contains(R"('push:Push\: now')"));
  CHECK(fish.contains(R"(-l json -d 'Print it\'s [JSON]')"));
  CHECK(fish.contains("-l url -d 'The server: https://HOST[:PORT]' -x\n"));
}

TEST_CASE("zsh and fish offer file names where a file is meant, and nowhere else", "[client][completion]") {
  auto const zsh = *completion_script("zsh", kHelp), fish = *completion_script("fish", kHelp);
  CHECK(zsh.contains("'--ca[Authorities]:value:_files'"));
  CHECK(zsh.contains("push) _arguments $common '*:value:_files'"));
  CHECK(zsh.contains("pull) _arguments $common '--format[How]:value:(ndjson bundle)' ;;"));
  CHECK(fish.contains("complete -c tocsin -f\n"));
  CHECK(fish.contains("-l ca -d 'Authorities' -r -F\n"));
  CHECK(fish.contains("complete -c tocsin -n '__fish_seen_subcommand_from push' -F\n"));
}
