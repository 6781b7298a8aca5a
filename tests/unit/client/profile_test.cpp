#include "clients/cpp/profile.hpp"

#include <map>

#include "tests/support/catch.hpp"
#include "tests/unit/client/temporary_folder.hpp"

using namespace tocsin::client;

namespace {

// A home with a profile file, and an environment to look it up in.
struct Home {
  Environment environment() {
    return [this](std::string const& name) -> std::optional<std::string> {
      auto const found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
  }
  void profiles(std::string const& text) { folder.file("tocsin/profiles.toml", text); }
  Outcome<Profile> resolve(GlobalOptions const& options = {}) { return resolve_profile(options, environment()); }

  tocsin::test::TemporaryFolder folder;
  std::map<std::string, std::string> variables{{"XDG_CONFIG_HOME", folder.path().string()}};
};

constexpr auto kTwo = R"(
[default]
url = "https://default"
token = "default-token"
[lab]
url = "https://lab"
token_file = "lab.token"
ca = "lab.crt"
)";

}  // namespace

TEST_CASE("without any server named there is a hint", "[client][profile]") {
  Home home;
  auto const none = home.resolve();
  REQUIRE_FALSE(none);
  CHECK(none.error().exit == Exit::local);
  CHECK(none.error().remedy.contains("TOCSIN_URL"));
}

TEST_CASE("a client certificate comes with its key, of another file or of the same", "[client][profile]") {
  Home home;
  home.profiles("[default]\nurl = \"https://default\"\ncert = \"feed.crt\"\nkey = \"feed.key\"\n");
  auto const stored = home.resolve();
  REQUIRE(stored);
  REQUIRE(stored->identity);
  CHECK(stored->identity->certificate == home.folder.path() / "tocsin" / "feed.crt");
  CHECK(stored->identity->key == home.folder.path() / "tocsin" / "feed.key");
  GlobalOptions together;
  together.url = "https://other";
  together.certificate = "both.pem";
  auto const given = home.resolve(together);
  REQUIRE(given);
  REQUIRE(given->identity);
  CHECK(given->identity->key == "both.pem");
}

TEST_CASE("a private key without a certificate is refused", "[client][profile]") {
  Home home;
  GlobalOptions options;
  options.url = "https://other";
  options.key = "feed.key";
  auto const refused = home.resolve(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().exit == Exit::local);
  CHECK(refused.error().remedy.contains("--cert"));
}

TEST_CASE("options win over the environment", "[client][profile]") {
  Home home;
  home.variables.insert({{"TOCSIN_URL", "https://env"}, {"TOCSIN_TOKEN", "env-token"}, {"TOCSIN_CA", "env.crt"}});
  auto const from_environment = home.resolve();
  CHECK(from_environment->url == "https://env");
  CHECK(from_environment->token == "env-token");
  CHECK(from_environment->ca == "env.crt");
  auto const from_options = home.resolve({.url = "https://o", .token = "o-token", .ca = "o.crt", .profile = {}});
  CHECK(from_options->url == "https://o");
  CHECK(from_options->token == "o-token");
  CHECK(from_options->ca == "o.crt");
}

TEST_CASE("a named profile wins over the environment, and its paths are beside it", "[client][profile]") {
  Home home;
  home.profiles(kTwo);
  home.folder.file("tocsin/lab.token", "lab-token\n");
  home.variables.insert({{"TOCSIN_URL", "https://env"}, {"TOCSIN_TOKEN", "env-token"}});
  auto const lab = home.resolve({.url = {}, .token = {}, .ca = {}, .profile = "lab"});
  REQUIRE(lab);
  CHECK(lab->url == "https://lab");
  CHECK(lab->token == "lab-token");
  CHECK(lab->ca == home.folder.path() / "tocsin" / "lab.crt");
  CHECK(lab->warnings.empty());
}

TEST_CASE("the default profile is read only when nothing else names a server", "[client][profile]") {
  Home home;
  home.profiles(kTwo);
  CHECK(home.resolve()->token == "default-token");
  CHECK_FALSE(home.resolve({.url = "https://elsewhere", .token = {}, .ca = {}, .profile = {}})->token);
  home.variables["TOCSIN_URL"] = "https://env";
  CHECK_FALSE(home.resolve()->token);
}

TEST_CASE("a variable wins over the default profile, value by value", "[client][profile]") {
  Home home;
  home.profiles("[default]\nurl = \"https://default\"\ntoken_file = \"absent\"\nca = \"default.crt\"\n");
  home.variables["TOCSIN_TOKEN"] = "env-token";
  auto const token = home.resolve();
  REQUIRE(token);
  CHECK(token->url == "https://default");
  CHECK(token->token == "env-token");
  CHECK(token->ca == home.folder.path() / "tocsin" / "default.crt");
  home.variables["TOCSIN_CA"] = "env.crt";
  CHECK(home.resolve()->ca == "env.crt");
  CHECK(home.resolve({.url = {}, .token = "o-token", .ca = "o.crt", .profile = {}})->token == "o-token");
}

TEST_CASE("a profile that is not there names the file and those in it", "[client][profile]") {
  Home home;
  auto const said = [&] { return home.resolve({.url = {}, .token = {}, .ca = {}, .profile = "nope"}).error().message; };
  auto const file = (home.folder.path() / "tocsin" / "profiles.toml").string();
  CHECK(said() == "There is no profile nope: " + file + " does not exist.");
  home.profiles(kTwo);
  CHECK(said() == "There is no profile nope: " + file + " has default, lab.");
}

TEST_CASE("all mistakes of a profile are named at once", "[client][profile]") {
  Home home;
  home.profiles("[default]\nurl = 7\npassword = \"x\"\ntoken = \"a\"\ntoken_file = \"b\"\n");
  auto const outcome = home.resolve();
  REQUIRE_FALSE(outcome);
  for (auto const* part : {"password", "url", "both token and token_file"}) {
    CHECK(outcome.error().message.contains(part));
  }
}

TEST_CASE("a token that others can read is warned about and never shown", "[client][profile]") {
  Home home;
  home.profiles(kTwo);
  CHECK(home.resolve()->warnings.empty());
  std::filesystem::permissions(home.folder.path() / "tocsin/profiles.toml", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  auto const warned = home.resolve();
  REQUIRE(warned->warnings.size() == 1);
  CHECK(warned->warnings[0].contains("profiles.toml"));
  CHECK_FALSE(warned->warnings[0].contains("default-token"));
}

TEST_CASE("a token can be given as @FILE", "[client][profile]") {
  Home home;
  auto const file = home.folder.file("token", "from-file\r\n");
  home.variables.insert({{"TOCSIN_URL", "https://env"}, {"TOCSIN_TOKEN", "@" + file.string()}});
  CHECK(home.resolve()->token == "from-file");
  CHECK_FALSE(home.resolve({.url = {}, .token = "@/nonexistent", .ca = {}, .profile = {}}));
}

TEST_CASE("mistakes in the profile file are named without their values", "[client][profile]") {
  Home home;
  auto const refused = [&](std::string const& text) {
    home.profiles(text);
    auto const outcome = home.resolve();
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().exit == Exit::local);
    CHECK_FALSE(outcome.error().message.contains("s3cret"));
    return outcome.error().message;
  };
  CHECK(refused("[default]\ntoken = s3cret\n").contains("profiles.toml:2:"));
  CHECK(refused("[default]\npassword = \"s3cret\"\n").contains("password"));
  CHECK(refused("[default]\ntoken = 7\n").contains("token"));
  CHECK(refused("[default]\ntoken = \"s3cret\"\ntoken_file = \"x\"\n").contains("both"));
  CHECK(refused("[default]\nurl = \"https://a\"\ntoken = \"s3cret\\u0007\"\n").contains("characters"));
  CHECK(refused("default = 1\n").contains("No server"));
  CHECK(home.resolve({.url = {}, .token = {}, .ca = {}, .profile = "none"}).error().message.contains("none"));
}
