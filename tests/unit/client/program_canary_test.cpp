// `tocsin canary`: what is kept, what is sent, and that the secret is only in the first.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "schema/core/bytes.hpp"
#include "schema/kinds/canary_commitment.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/client/taxii_script.hpp"

using namespace tocsin;
using client::Exit;
using nlohmann::json;
using test::reply;
using test::ScriptedRequest;
using test::TaxiiScript;

namespace {

namespace fs = std::filesystem;

std::string const kId = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
std::string const kSecret = "Which river flows under the bridge of Avalon?\n";

// A lab with a vault, and a server that takes its canaries.
struct Lab {
  Lab() {
    taxii.set("XDG_CONFIG_HOME", taxii.folder().path().string());
    taxii.on("POST /api/v1/indicators", [](ScriptedRequest const&) {
      return reply(200, json{{"accepted", 1}, {"unchanged", 0}, {"refused", 0}, {"items", {{{"id", kId}}}}}.dump());
    });
  }
  TaxiiScript::Run plant(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"canary", "plant", "-", "--type", "trap-prompt", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return taxii.run(words, kSecret);
  }
  [[nodiscard]] fs::path vault() const { return taxii.folder().path() / "tocsin" / "canaries"; }
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    std::error_code none;
    for (auto const& each : fs::directory_iterator(vault(), none))
      if (each.path().extension() == ".json") out.push_back(each.path());
    return out;
  }

  TaxiiScript taxii;
};

std::string text_of(fs::path const& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("a canary's secret and salt are kept, and its commitment alone is shared", "[client][canary]") {
  Lab lab;
  auto const run = lab.plant({"--tlp", "amber", "--planted-from", "2026-01-02T03:04:05Z"});
  INFO(run.err);
  REQUIRE(run.exit == Exit::ok);
  auto const told = json::parse(run.out);
  CHECK(told.at("id") == kId);
  REQUIRE(lab.files().size() == 1);
  auto const kept = json::parse(text_of(lab.files().front()));
  CHECK(kept.at("secret") == core::to_base64(kSecret));
  auto const salt = core::to_array<32>(core::from_hex(kept.at("salt").get<std::string>()).value()).value();
  CHECK(kept.at("commitment") == core::to_hex(core::view(kinds::canary_commitment(salt, kSecret))));
  CHECK(told.at("commitment") == kept.at("commitment"));
  auto const sent = lab.taxii.requests().back();
  CHECK(json::parse(sent.body) ==
        json{{"kind", "canary"}, {"scheme", "salted-sha256"}, {"commitment", kept.at("commitment")}});
  CHECK(sent.target == "/api/v1/indicators?canary_type=trap-prompt&planted_from=2026-01-02T03%3A04%3A05Z&tlp=amber");
  CHECK(sent.body.find(kept.at("salt").get<std::string>()) == std::string::npos);
}

TEST_CASE("nobody else can read what is kept of a canary", "[client][canary]") {
  Lab lab;
  REQUIRE(lab.plant().exit == Exit::ok);
  struct stat file{}, folder{};
  REQUIRE(::stat(lab.files().front().c_str(), &file) == 0);
  REQUIRE(::stat(lab.vault().c_str(), &folder) == 0);
  CHECK((file.st_mode & 0777) == 0600);
  CHECK((folder.st_mode & 0777) == 0700);
}

TEST_CASE("planting the same twice is two canaries, and the first is as it was", "[client][canary]") {
  Lab lab;
  REQUIRE(lab.plant().exit == Exit::ok);
  auto const first = lab.files().front();
  auto const before = text_of(first);
  REQUIRE(lab.plant().exit == Exit::ok);
  CHECK(lab.files().size() == 2);
  CHECK(text_of(first) == before);
}

TEST_CASE("a canary that did not reach the server is kept, and shared by asking again", "[client][canary]") {
  Lab lab;
  lab.taxii.on("POST /api/v1/indicators", [](ScriptedRequest const&) { return reply(500, "{}"); });
  auto const lost = lab.plant();
  CHECK(lost.exit == Exit::server);
  REQUIRE(lab.files().size() == 1);
  auto const commitment = lab.files().front().stem().string();
  CHECK(lost.err.find("tocsin canary again " + commitment) != std::string::npos);
  CHECK(lab.taxii.run({"canary", "list"}).out.find("not shared") != std::string::npos);
  lab.taxii.on("POST /api/v1/indicators", [](ScriptedRequest const&) {
    return reply(200, json{{"accepted", 1}, {"refused", 0}, {"items", {{{"id", kId}}}}}.dump());
  });
  auto const again = lab.taxii.run({"canary", "again", commitment, "--tlp", "green"});
  CHECK(again.exit == Exit::ok);
  auto const sent = lab.taxii.requests().back();
  CHECK(json::parse(sent.body).at("commitment") == commitment);
  CHECK(sent.target == "/api/v1/indicators?canary_type=trap-prompt&tlp=green");
  CHECK(lab.files().size() == 1);
}

TEST_CASE("the list of canaries names them and tells no secret", "[client][canary]") {
  Lab lab;
  CHECK(lab.taxii.run({"canary", "list"}).err == "no canary was planted from here\n");
  REQUIRE(lab.plant().exit == Exit::ok);
  auto const text = lab.taxii.run({"canary", "list"});
  auto const listed = json::parse(lab.taxii.run({"canary", "list", "--json"}).out).at("canaries");
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("id") == kId);
  CHECK(listed[0].at("canary_type") == "trap-prompt");
  CHECK(text.out.find(kId) != std::string::npos);
  auto const kept = json::parse(text_of(lab.files().front()));
  for (auto const* secret : {"secret", "salt"}) {
    auto const value = kept.at(secret).get<std::string>();
    CHECK(text.out.find(value) == std::string::npos);
    CHECK(listed.dump().find(value) == std::string::npos);
  }
}

TEST_CASE("a canary whose file was changed is not believed", "[client][canary]") {
  Lab lab;
  REQUIRE(lab.plant().exit == Exit::ok);
  auto const file = lab.files().front();
  auto kept = json::parse(text_of(file));
  kept["secret"] = core::to_base64("another");
  std::ofstream(file) << kept.dump();
  auto const run = lab.taxii.run({"canary", "list"});
  CHECK(run.exit == Exit::local);
  CHECK(run.err.find(file.string()) != std::string::npos);
}

TEST_CASE("a damaged file stops nobody from having the other canaries", "[client][canary]") {
  Lab lab;
  REQUIRE(lab.plant().exit == Exit::ok);
  auto const damaged = lab.files().front();
  std::ofstream(damaged) << "nothing";
  auto const other = json::parse(lab.plant().out).at("commitment").get<std::string>();
  auto const run = lab.taxii.run({"canary", "list", "--json"});
  CHECK(run.exit == Exit::local);
  auto const told = json::parse(run.out);
  REQUIRE(told.at("canaries").size() == 1);
  CHECK(told.at("canaries")[0].at("commitment") == other);
  CHECK(told.at("damaged") == json::array({damaged.string()}));
  CHECK(run.err.find(damaged.string()) != std::string::npos);
  CHECK(lab.taxii.run({"canary", "again", other}).exit == Exit::ok);
  CHECK(lab.taxii.run({"canary", "again", damaged.stem().string()}).exit == Exit::local);
}

TEST_CASE("a canary that waits for an analyst is not called shared, and what takes its place is named",
          "[client][canary]") {
  Lab lab;
  auto const take = [&](std::string const& id, std::string const& outcome) {
    lab.taxii.on("POST /api/v1/indicators", [=](ScriptedRequest const&) {
      json const item{{"id", id}, {"outcome", outcome}};
      return reply(200, json{{"accepted", 0}, {"refused", 0}, {"items", json::array({item})}}.dump());
    });
  };
  auto const listed = [&] { return json::parse(lab.taxii.run({"canary", "list", "--json"}).out).at("canaries")[0]; };
  take(kId, "waiting");
  auto const told = json::parse(lab.plant().out);
  CHECK(told.at("waiting") == true);
  auto const commitment = told.at("commitment").get<std::string>();
  CHECK(listed().at("waiting") == true);
  CHECK(lab.taxii.run({"canary", "list"}).out.ends_with(kId + "  left for an analyst: tocsin waiting list\n"));
  auto const reveal = lab.taxii.run({"canary", "reveal", commitment, "--to", (lab.vault() / "revealed").string()});
  CHECK(reveal.exit == Exit::not_found);
  CHECK(reveal.err.find("tocsin waiting list") != std::string::npos);
  take("indicator--2", "waiting");
  auto const again = lab.taxii.run({"canary", "again", commitment});
  CHECK(again.out.find("in the place of " + kId + "\n") != std::string::npos);
  CHECK(again.out.find("tocsin waiting list") != std::string::npos);
  take("indicator--2", "unchanged");
  CHECK(lab.taxii.run({"canary", "again", commitment}).exit == Exit::ok);
  CHECK_FALSE(listed().contains("waiting"));
}

TEST_CASE("a canary that the server refuses is told with the reason", "[client][canary]") {
  Lab lab;
  lab.taxii.on("POST /api/v1/indicators", [](ScriptedRequest const&) {
    json const finding{{"code", "marking-below-floor"}, {"detail", "It is \x1b clear."}};
    json const item{{"findings", json::array({finding})}};
    return reply(200, json{{"accepted", 0}, {"refused", 1}, {"items", json::array({item})}}.dump());
  });
  auto const run = lab.plant({"--tlp", "clear"});
  CHECK(run.exit == Exit::refused);
  CHECK(run.err.starts_with("refused: marking-below-floor: It is ? clear."));
}

TEST_CASE("a canary without what it needs asks no server and keeps nothing", "[client][canary]") {
  Lab lab;
  CHECK(lab.taxii.run({"canary", "plant"}).exit == Exit::local);
  CHECK(lab.taxii.run({"canary", "plant", "-", "--tlp", "red"}, "x").exit == Exit::local);
  CHECK(lab.taxii.run({"canary", "plant", "-", "--type", "honeytoken"}, "").exit == Exit::local);
  CHECK(lab.taxii.run({"canary", "plant", "/absent", "--type", "honeytoken"}).exit == Exit::local);
  CHECK(lab.taxii.run({"canary", "again", kId}).exit == Exit::not_found);
  CHECK(lab.taxii.run({"canary", "reveal", kId}).exit == Exit::local);
  CHECK(lab.taxii.run({"canary", "list", kId}).exit == Exit::local);
  CHECK(lab.taxii.requests().empty());
  CHECK(lab.files().empty());
}
