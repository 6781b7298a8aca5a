// The shapes of errors, and what the surfaces take and give for a media type.
#include "server/endpoints/answers.hpp"

#include <nlohmann/json.hpp>

#include "server/endpoints/shared_items.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using core::Code;
using nlohmann::json;

namespace {

http::Request request_for(std::string path) {
  http::Request request;
  request.path = std::move(path);
  request.request_id = "3f2504e04f8911d3";
  return request;
}

http::Response answer_at(std::string const& path, Code code) {
  return endpoints::error_answer(request_for(path), {code, "What is wrong.", "/a/0", "How to mend it."});
}

json body_of(http::Response const& response) { return json::parse(std::get<std::string>(response.body)); }

std::optional<std::string> header(http::Response const& response, std::string_view name) {
  for (auto const& [field, value] : response.headers)
    if (field == name) return value;
  return std::nullopt;
}

std::vector<Code> all_codes() {
  std::vector<Code> out;
#define TOCSIN_ERROR(name, code, http, retryable, title) out.push_back(Code::name);
#include "schema/core/errors.def"
#undef TOCSIN_ERROR
  return out;
}

}  // namespace

TEST_CASE("Under /taxii2 an error is a TAXII error message", "[endpoints][answers]") {
  for (char const* path : {"/taxii2", "/taxii2/", "/taxii2/root/collections/x/objects/"}) {
    auto response = answer_at(path, Code::bad_parameter);
    CHECK(response.content_type == "application/taxii+json;version=2.1");
    CHECK(body_of(response) == json{{"title", "A parameter or member is not acceptable"},
                                    {"description", "What is wrong. How to mend it."},
                                    {"error_id", "3f2504e04f8911d3"},
                                    {"error_code", "bad-parameter"},
                                    {"http_status", "400"}});
  }
}

TEST_CASE("Elsewhere, and where there is no path, an error is problem details", "[endpoints][answers]") {
  for (char const* path : {"", "/", "/taxii2x/", "/taxii", "/api/v1/me", "/healthz"}) {
    auto response = answer_at(path, Code::bad_parameter);
    CHECK(response.content_type == "application/problem+json");
    CHECK(body_of(response) == json{{"type", "about:blank"},
                                    {"title", "A parameter or member is not acceptable"},
                                    {"status", 400},
                                    {"detail", "What is wrong. How to mend it."},
                                    {"code", "bad-parameter"},
                                    {"request_id", "3f2504e04f8911d3"},
                                    {"pointer", "/a/0"}});
  }
}

TEST_CASE("An error without place and remedy has no empty ones", "[endpoints][answers]") {
  core::Error const bare{Code::not_found, "There is nothing here.", "", ""};
  CHECK_FALSE(body_of(endpoints::error_answer(request_for("/x"), bare)).contains("pointer"));
  CHECK(body_of(endpoints::error_answer(request_for("/x"), bare))["detail"] == "There is nothing here.");
  CHECK(body_of(endpoints::error_answer(request_for("/taxii2/"), bare))["description"] == "There is nothing here.");
}

TEST_CASE("Every error has the status of its code, and the headers that the status asks for", "[endpoints][answers]") {
  for (auto code : all_codes())
    for (char const* path : {"/taxii2/", "/api/v1/me"}) {
      auto const& row = core::row(code);
      CAPTURE(row.code, path);
      auto response = answer_at(path, code);
      CHECK(response.status == row.http);
      CHECK(header(response, "WWW-Authenticate").has_value() == (row.http == 401));
      bool const passes = row.http == 429 || row.http == 503 || code == Code::idempotency_key_under_way;
      CHECK(header(response, "Retry-After").has_value() == passes);
      CHECK(response.headers.size() <= 1);
    }
}

TEST_CASE("Who is asked for a credential is told the schemes of the surface", "[endpoints][answers]") {
  CHECK(header(answer_at("/taxii2/", Code::unauthorized), "WWW-Authenticate") ==
        "Basic realm=\"Tocsin\", Bearer realm=\"Tocsin\"");
  CHECK(header(answer_at("/api/v1/me", Code::unauthorized), "WWW-Authenticate") == "Bearer realm=\"Tocsin\"");
}

TEST_CASE("An answer is UTF-8 even when its sentence is not", "[endpoints][answers]") {
  auto response = endpoints::error_answer(request_for("/x"), {Code::bad_request, "A \xFF byte.", "", ""});
  CHECK(body_of(response)["detail"] == "A \xEF\xBF\xBD byte.");
}

TEST_CASE("TAXII 2.1 is acceptable to whoever names it, or anything that holds it", "[endpoints][negotiation]") {
  CHECK(endpoints::accepts_taxii(std::nullopt));
  for (char const* accept :
       {"", " ", "*/*", "application/*", "application/taxii+json", "application/taxii+json;version=2.1",
        "application/taxii+json; version=2.1", "application/taxii+json ; version=2.1",
        "application/taxii+json;version=\"2.1\"", "APPLICATION/TAXII+JSON;VERSION=2.1",
        "text/html, application/taxii+json;version=2.1;q=0.1", "text/html,*/*;q=0.8",
        "application/taxii+json;version=2.0, application/taxii+json;version=2.1",
        "application/taxii+json;charset=utf-8", ",application/taxii+json", "application/taxii+json;q=1;version=2.1",
        "application/taxii+json;q=0.001"}) {
    CAPTURE(accept);
    CHECK(endpoints::accepts_taxii(accept));
  }
}

TEST_CASE("TAXII 2.1 is not acceptable to whoever names something else only", "[endpoints][negotiation]") {
  for (char const* accept :
       {"application/json", "text/*", "application/stix+json;version=2.1", "application/taxii+json;version=2.0",
        "application/taxii+json;version=2", "application/taxii+json;version=", "application/vnd.oasis.taxii+json",
        "application/taxii+json;version=2.1;q=0", "*/*;q=0.0", "application/taxii+json;Q=0", "taxii+json", "*",
        "application/taxii+json5", ",", ";version=2.1"}) {
    CAPTURE(accept);
    CHECK_FALSE(endpoints::accepts_taxii(accept));
  }
}

TEST_CASE("A submission is an envelope or a bundle, of 2.1 if it says a version", "[endpoints][negotiation]") {
  for (char const* type :
       {"application/taxii+json;version=2.1", "application/taxii+json", "application/stix+json;version=2.1",
        "application/stix+json", "Application/STIX+JSON; Version=\"2.1\"",
        "application/taxii+json;charset=utf-8;version=2.1"}) {
    CAPTURE(type);
    CHECK(endpoints::is_taxii_body(type));
  }
  CHECK_FALSE(endpoints::is_taxii_body(std::nullopt));
  for (char const* type :
       {"", "application/json", "application/taxii+json;version=2.0", "application/stix+json;version=2.0",
        "application/taxii+json;version=2.1;version=2.0", "text/plain", "application/taxii+json2",
        "multipart/form-data", "application/x-www-form-urlencoded"}) {
    CAPTURE(type);
    CHECK_FALSE(endpoints::is_taxii_body(type));
  }
}

TEST_CASE("A request of the administration is JSON, whatever its parameters", "[endpoints][negotiation]") {
  for (char const* type :
       {"application/json", "application/json; charset=utf-8", "APPLICATION/JSON", " application/json"})
    CHECK(endpoints::is_json_body(type));
  CHECK_FALSE(endpoints::is_json_body(std::nullopt));
  for (char const* type :
       {"", "text/json", "application/jsonp", "application/x-www-form-urlencoded", "application/problem+json"})
    CHECK_FALSE(endpoints::is_json_body(type));
}

TEST_CASE("A dry run tells a bounded number of bytes, and counts the rest", "[endpoints][answers]") {
  std::vector<admission::Item> items(10);
  for (auto& item : items) item.objects = {json(std::string(1u << 20, 'x')).dump()};
  endpoints::SharedAnswer answer(true);
  answer.add(std::move(items));
  auto const told = json::parse(answer.text(json::object()));
  CHECK(told["accepted"] == 10);
  CHECK(told["items"].size() == 7);
  CHECK(told["left_out"] == 3);
}
