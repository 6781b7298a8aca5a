// The table of who may do what, held against every route, method, role and state of a credential.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "schema/core/digest.hpp"
#include "schema/stix/marking.hpp"
#include "server/access/certificate.hpp"
#include "tests/integration/access/authorisation_table.hpp"
#include "tests/integration/access/twins.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thoroughness.hpp"

using namespace tocsin;
using test::Answer;
using test::Call;
using test::Door;
using test::kTable;
using test::Row;
using test::text_of;

namespace {

struct Role {
  char initial;
  char const* name;
};
constexpr Role kRoles[] = {{'s', "submitter"}, {'a', "analyst"}, {'f', "feed"},    {'l', "liaison"}, {'p', "peer"},
                           {'A', "auditor"},   {'D', "admin"},   {'i', "invited"}, {'-', ""}};

enum class State : std::uint8_t { valid, revoked, expired, disabled, elsewhere };
constexpr std::array kAllStates{State::valid, State::revoked, State::expired, State::disabled, State::elsewhere};
constexpr std::span kStates = std::span(kAllStates).first(test::by_build(kAllStates.size(), kAllStates.size(), 2UZ));

bool anyone(Row const& row) { return row.roles[0] == '*'; }
bool allows(Row const& row, char role) { return std::string_view(row.roles).find(role) != std::string_view::npos; }

class Matrix {
 public:
  Matrix() {
    // That which runs the instance: only its analysts moderate.
    server_.add_organisation("own", "lab", "red", "", test::kInstanceIdentity);
    for (char const* name : {"other", "off"}) server_.add_organisation(name, "lab", "red");
    collection_ = server_.add_collection("one", "green");
    moderated_ = server_.add_collection("moderated", "green");
    server_.moderate("moderated", "all");
    for (Role const& role : kRoles)
      for (State state : kStates)
        if (role.name[0] != '\0') {
          tokens_[{role.initial, state}] = make_token(role.name, state);
          if (role.initial == 'i') continue;  // never a certificate
          std::string pin = access::pin_name(certificate(role.initial, state).pin);
          (void)make_token(role.name, state, pin);
        }
    writer_ = make_token("analyst", State::valid, {}, "writer");
    other_ = server_.add_token("other", "analyst");
    throwaway_ = server_.add_token("own", "feed");
    server_.disable_organisation("off");
    submission_ = submitted(server_.submit(collection_, writer_, {indicator()}));
    server_.publish_logs();
    server_.start_matching();
  }

  test::InProcess& server() { return server_; }
  // "" for the role that is none.
  std::string token(char role, State state) { return role == '-' ? "" : tokens_.at({role, state}); }
  std::string const& other() const { return other_; }
  std::string const& submission() const { return submission_; }
  std::string const& collection() const { return collection_; }
  static std::string campaign() { return "campaign--00000000-0000-4000-8000-000000000002"; }
  static std::string campaign_object() {
    return R"({"type":"campaign","spec_version":"2.1","id":")" + campaign() +
           R"(","created":"2024-01-01T00:00:00.000Z","modified":"2024-01-01T00:00:00.000Z","name":"Heron"})";
  }
  static std::string object() { return "indicator--00000000-0000-4000-8000-000000000001"; }

  // A call of the row's route that a caller who may makes with success.
  Call call(Row const& row, std::string token) {
    std::string path = row.pattern;
    Call out{row.method, "", std::move(token), {}, body(row), Door::https, "192.0.2.1"};
    replace(path, "{name}",
            path.find("/audiences/") != std::string::npos ? audience_
            : path.find("/peers/") != std::string::npos   ? peer_
            : path.find("/feeds/") != std::string::npos   ? "block-v4"
                                                          : "throwaway");
    replace(path, "{object}", object());
    replace(path, "{file}", "manifest.json");
    replace(path, "{log}", "data");
    replace(path, "{origin}", std::string(64, '0'));
    replace(path, "{hash}", core::to_hex(core::view(core::sha256("hub.example/log"))));
    replace(path, "{+tile}", "0/000.p/1");
    replace(path, "{+path}", "feeds");
    replace(path, "{id}",
            path.find("/status/") != std::string::npos               ? submission_
            : path.find("/campaigns/") != std::string::npos          ? campaign()
            : path.ends_with("/release")                             ? narrow_
            : path.find("/releases/") != std::string::npos           ? release_
            : path.find("/recalls/") != std::string::npos            ? recall_
            : path.find("/moderation/waiting/") != std::string::npos ? waiting_
            : path.find("/admin/collections/") != std::string::npos  ? collection_
            : path.find("/indicators/") != std::string::npos         ? object()
            : path.find("/audience-proposals/") != std::string::npos ? proposal_
            : path.find("/admin/") != std::string::npos              ? throwaway_.substr(7, 16)
                                                                     : collection_);
    if (out.method == "POST")
      out.headers.emplace_back(
          "Content-Type", path.starts_with("/taxii2/") ? "application/taxii+json;version=2.1" : "application/json");
    if (path == "/api/v1/check") out.headers.emplace_back("Tocsin-IP", "198.51.100.7");
    out.target = path == "/api/v1/why"         ? path + "?covers=AS64500"
                 : path.ends_with("/openings") ? path + "?from=0&to=0"
                 : path.ends_with("/changes")  ? path + "?since=" + std::string(64, '0')  // which nobody was given
                                               : path;
    return out;
  }

  // The same call of somebody with a certificate instead of a token.
  Call call_by_certificate(Row const& row, char role, State state) {
    Call out = call(row, "");
    // A browser shows a certificate unasked: what signs in by one has to be a page of the console.
    if (out.target == "/console/session") out.headers = {{"Sec-Fetch-Site", "same-origin"}, {"X-Tocsin-Console", "1"}};
    out.door = Door::mtls;
    out.certificate = certificate(role, state);
    return out;
  }

  // What a call needs to find so that it can succeed, whatever the calls before it did.
  void prepare(Row const& row) {
    std::string pattern = row.pattern;
    if ((pattern.ends_with("/disable") || pattern.ends_with("/enable") || pattern.ends_with("/standing")) &&
        !disabled_made_) {
      server_.add_organisation("throwaway", "lab", "red");
      disabled_made_ = true;
    }
    if (pattern.find("/audience") != std::string::npos) {
      audience_ = "ring-" + std::to_string(++made_);
      (void)server_.add_audience({audience_, {"own"}, {}});
      proposal_ = server_.propose_member(audience_, "other");
    }
    if (pattern.find("/peer") != std::string::npos) server_.show_manifest();
    if (pattern.find("/peers/") != std::string::npos) {
      peer_ = "peer-" + std::to_string(++made_) + ".example";
      server_.add_peer(peer_);
    }
    if (pattern.ends_with("/allow-lists/remove")) server_.add_allow_list("cloud", {"AS7"});
    if (pattern.ends_with("/login")) tokens_[{'i', State::valid}] = make_token("invited", State::valid);
    if (pattern.ends_with("/revoke")) throwaway_ = server_.add_token("own", "feed");
    if (pattern.find("{object}") != std::string::npos || pattern.ends_with("/erasures") ||
        pattern.find("/indicators/") != std::string::npos)
      (void)server_.submit(collection_, writer_, {indicator()});
    if (pattern.find("/release") != std::string::npos) {
      (void)server_.ask({"POST", "/api/v1/releases/" + release_ + "/refuse", writer_, {}, {}});
      narrow_ = "indicator--" + core::to_text(core::random_uuid());
      (void)server_.submit(collection_, writer_,
                           {text_of({narrow_, std::string(stix::tlp2_id(stix::Tlp::amber)), "", 0, "n"})});
      auto const proposed = server_.ask(call({"POST", "/api/v1/indicators/{id}/release", "a", 202}, writer_)).body;
      release_ = nlohmann::json::parse(proposed).at("proposal").get<std::string>();
    }
    if (pattern.find("/recalls") != std::string::npos) {
      narrow_ = "indicator--" + core::to_text(core::random_uuid());
      (void)server_.submit(collection_, writer_, {text_of({narrow_, "", "ip-range", 0, "n"})});
    }
    if (pattern.find("/recalls/") != std::string::npos && !recalled_) {
      auto const made = server_.ask(call({"POST", "/api/v1/recalls", "aD", 201}, writer_)).body;
      auto const index = nlohmann::json::parse(made).at("recall").get<std::uint64_t>();
      server_.wait_for_control(index + 1);
      recall_ = std::to_string(index);
      recalled_ = true;
    }
    if (pattern.find("/moderation/waiting/") != std::string::npos) {
      (void)server_.submit(moderated_, other_, {indicator()});
      auto const list = server_.ask({"GET", "/api/v1/moderation", writer_, {}, {}}).body;
      waiting_ = nlohmann::json::parse(list).at("waiting").at(0).at("id").get<std::string>();
    }
    if (pattern.find("/campaigns/") != std::string::npos)
      (void)server_.submit(collection_, writer_, {campaign_object()});
  }

  static std::string submitted(Answer const& answer) {
    return nlohmann::json::parse(answer.body).at("id").get<std::string>();
  }

 private:
  static std::string indicator() { return text_of({object(), "", "ip-range", 0, "n"}); }

  static void replace(std::string& text, std::string const& what, std::string const& by) {
    if (auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), by);
  }

  // That of role '-' is asked for by no credential.
  static base::ClientCertificate certificate(char role, State state) {
    auto pin = core::sha256(std::string(1, role) + std::to_string(static_cast<int>(state)));
    return {pin, {}, std::numeric_limits<std::int64_t>::max()};
  }

  std::string make_token(std::string const& role, State state, std::optional<std::string> certificate = {},
                         std::string const& person = "reader") {
    access::NewCredential wanted{state == State::disabled ? "off" : "own", {role}, "", {}, {}, {}, {}, {}};
    wanted.certificate = certificate;
    wanted.person = person;
    if (state == State::expired) wanted.expires = "2020-01-01T00:00:00Z";
    if (state == State::elsewhere) wanted.networks = {"198.51.100.0/24"};
    if (role == "invited") wanted.roles = {"analyst"};
    auto token = role == "invited" ? server_.invite(wanted) : server_.add_token(wanted);
    if (state == State::revoked) server_.revoke_token(certificate ? "tocsin_" + token : token);
    return token;
  }

  std::string body(Row const& row) {
    std::string pattern = row.pattern;
    if (std::string_view(row.method) != "POST") return "";
    if (pattern.ends_with("/objects/")) return "{\"objects\":[" + indicator() + "]}";
    if (pattern.ends_with("/match")) return R"({"items":[{"ip":"198.51.100.7"}]})";
    if (pattern.ends_with("/sightings")) return R"({"outcome":"confirmed"})";
    if (pattern.ends_with("/opinions")) return R"({"opinion":"agree"})";
    if (pattern.ends_with("/release")) return R"({"to":"tlp:green"})";
    if (pattern.ends_with("/recalls")) return R"({"because":"wrong","organisation":"own","id":")" + narrow_ + "\"}";
    if (pattern.ends_with("/retract")) return R"({"because":"overshared"})";
    if (pattern.ends_with("/indicators")) return R"({"kind":"ip-range","value":"198.51.100.7"})";
    if (pattern.ends_with("/campaigns") || pattern.ends_with("/infrastructures")) return R"({"name":"Heron"})";
    if (pattern.ends_with("/mutes")) return R"({"kind":"proxy-asn","value":"AS7","because":"ours"})";
    if (pattern.ends_with("/mutes/remove")) return R"({"kind":"proxy-asn","value":"AS7"})";
    if (pattern.find("/ranges") != std::string::npos) return R"({"ranges":["9.9.9.0/24"]})";
    if (pattern.ends_with("/refuse") && pattern.find("/moderation/") != std::string::npos)
      return R"({"ids":["00000000-0000-4000-8000-000000000000"],"because":"not this"})";
    if (pattern.ends_with("/publish") || pattern.ends_with("/withdraw"))
      return R"({"ids":["00000000-0000-4000-8000-000000000000"]})";
    if (pattern.ends_with("/standing")) return R"({"standing":"trusted"})";
    if (pattern.ends_with("/moderation")) return R"({"moderation":"off"})";
    if (pattern.find("/allow-lists") != std::string::npos) return R"({"name":"cloud","entries":["AS7"]})";
    std::string number = std::to_string(++made_);
    if (pattern.ends_with("/organisations"))
      return R"({"name":"made )" + number + R"(","type":"lab","clearance":"red"})";
    if (pattern.ends_with("/credentials") || pattern.ends_with("/invitations"))
      return R"({"organisation":"own","roles":["feed"]})";
    if (pattern.ends_with("/peers"))
      return R"({"line":")" + server_.invitation_of("peer-" + number + ".example") + R"("})";
    if (pattern.ends_with("/state")) return R"({"state":"paused","reason":"why"})";
    if (pattern.ends_with("/denied-pins")) return R"({"pin":")" + core::to_hex(core::view(core::random_salt())) + "\"}";
    if (pattern.ends_with("/collections")) return R"({"title":"made )" + number + R"("})";
    if (pattern.ends_with("/audiences")) return R"({"name":"made )" + number + R"(","members":["own"]})";
    if (pattern.ends_with("/erasures")) return R"({"organisation":"own","object":")" + object() + "\"}";
    if (pattern.ends_with("/members")) return R"({"organisation":"other"})";
    if (pattern.ends_with("/remove")) return R"({"organisation":"own"})";
    return "{}";
  }

  test::InProcess server_;
  std::string collection_, moderated_, writer_, other_, submission_, throwaway_, narrow_ = object();
  std::string audience_ = "ring", peer_ = "peer.example", proposal_ = "00000000-0000-4000-8000-000000000000",
              release_ = proposal_, waiting_ = proposal_, recall_ = "0";
  bool recalled_ = false;
  std::map<std::pair<char, State>, std::string> tokens_;
  bool disabled_made_ = false;
  int made_ = 0;
};

int expected(Row const& row, char role, State state) {
  if (anyone(row)) return row.status;
  if (role == '-' || state != State::valid) return 401;
  return allows(row, role) ? row.status : 403;
}

}  // namespace

TEST_CASE("the table of who may do what and the routes name the same", "[access][authorisation]") {
  test::InProcess world;
  std::multiset<std::string> listed, served;
  for (Row const& row : kTable) listed.insert(std::string(row.method) + " " + row.pattern);
  for (auto const& route : world.router().routes())
    served.insert(std::string(name(route.method)) + " " + route.pattern);
  CHECK(listed == served);
}

TEST_CASE("every route answers every role in every state of a credential as the table says",
          "[access][authorisation]") {
  Matrix matrix;
  std::size_t asked = 0;
  for (Row const& row : kTable)
    for (Role const& role : kRoles)
      for (State state : kStates) {
        matrix.prepare(row);
        Call call = matrix.call(row, matrix.token(role.initial, state));
        INFO(row.method << " " << row.pattern << " as " << role.name << " in state " << static_cast<int>(state));
        CHECK(matrix.server().ask(call).status == expected(row, role.initial, state));
        if (call.method == "GET") {
          call.method = "HEAD";
          CHECK(matrix.server().ask(call).status == expected(row, role.initial, state));
        }
        ++asked;
      }
  REQUIRE(asked == std::size(kTable) * std::size(kRoles) * kStates.size());
}

TEST_CASE("every route answers a client certificate as it answers a token", "[access][authorisation]") {
  Matrix matrix;
  for (Row const& row : kTable)
    for (Role const& role : kRoles)
      for (State state : kStates) {
        matrix.prepare(row);
        Call call = matrix.call_by_certificate(row, role.initial, state);
        INFO(row.method << " " << row.pattern << " as " << role.name << " in state " << static_cast<int>(state));
        CHECK(matrix.server().ask(call).status == expected(row, role.initial == 'i' ? '-' : role.initial, state));
        call.certificate.reset();
        CHECK(matrix.server().ask(call).status == (anyone(row) ? row.status : 401));
      }
}

TEST_CASE("A09: a token counts beside a certificate of the same organisation only", "[access][authorisation]") {
  Matrix matrix;
  Row const& row = kTable[0];
  Call call = matrix.call_by_certificate(row, 'f', State::valid);
  CHECK(matrix.server().ask(call).status == 200);
  call.token = matrix.token('a', State::valid);
  CHECK(matrix.server().ask(call).status == 200);
  call.token = matrix.other();
  CHECK(matrix.server().ask(call).status == 401);
  call = matrix.call_by_certificate(row, '-', State::valid);
  call.token = matrix.token('a', State::valid);
  CHECK(matrix.server().ask(call).status == 401);
}

TEST_CASE("a method that a path does not have is refused before anybody is asked who he is",
          "[access][authorisation]") {
  Matrix matrix;
  for (Row const& row : kTable)
    for (char const* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
      bool listed = std::ranges::any_of(kTable, [&](Row const& other) {
        return std::string_view(other.pattern) == row.pattern && std::string_view(other.method) == method;
      });
      if (listed) continue;
      Call call = matrix.call(row, matrix.token('D', State::valid));
      call.method = method;
      INFO(method << " " << row.pattern);
      auto answer = matrix.server().ask(call);
      CHECK(answer.status == 405);
      CHECK(answer.header("Allow").value_or("").find(row.method) != std::string::npos);
      call.token.clear();
      CHECK(matrix.server().ask(call).status == 405);
    }
}

TEST_CASE("the admin socket may what an administrator may and the loopback listener has the operations only",
          "[access][authorisation]") {
  Matrix matrix;
  for (Row const& row : kTable) {
    matrix.prepare(row);
    INFO(row.method << " " << row.pattern);
    Call call = matrix.call(row, "");
    call.door = Door::admin;
    bool const signs_in = call.target == "/console/session" && call.method == "POST";  // with a credential only
    bool may = anyone(row) || (allows(row, 'D') && !signs_in);
    CHECK(matrix.server().ask(call).status == (may ? row.status : 403));
    matrix.prepare(row);
    call = matrix.call(row, matrix.token('D', State::valid));
    call.door = Door::loopback;
    bool operations = call.target == "/healthz" || call.target == "/readyz" || call.target == "/metrics";
    CHECK(matrix.server().ask(call).status == (operations ? 200 : 404));
  }
}

TEST_CASE("the status of a submission and the withdrawal of an object are for its own organisation",
          "[access][authorisation]") {
  Matrix matrix;
  auto& server = matrix.server();
  std::string status = "/taxii2/root/status/" + matrix.submission() + "/";
  for (char role : {'s', 'a'}) CHECK(server.get(status, matrix.token(role, State::valid)).status == 200);
  CHECK(server.get(status, matrix.other()).status == 404);
  Call withdraw{"DELETE",
                "/taxii2/root/collections/" + matrix.collection() + "/objects/" + Matrix::object() + "/",
                matrix.other(),
                {},
                {},
                Door::https,
                ""};
  auto others = server.ask(withdraw);
  CHECK(others.status == 404);
  withdraw.target.replace(withdraw.target.size() - 2, 1, "9");
  CHECK(server.ask(withdraw).body == others.body);
  withdraw.target.replace(withdraw.target.size() - 2, 1, "1");
  withdraw.token = matrix.token('a', State::valid);
  CHECK(server.ask(withdraw).status == 200);
  CHECK(server.ask(withdraw).status == 404);
}
