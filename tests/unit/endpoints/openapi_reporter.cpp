#include "tests/unit/endpoints/openapi_reporter.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::test {

using nlohmann::json;

Reporter::Reporter(Hub& hub) : hub_(hub) {
  for (auto& operation : document_.operations()) operations_.emplace(operation.name(), operation);
}

Answer Reporter::ask(std::string const& method, std::string const& target, std::string const& token, std::string body,
                     HeaderList headers) {
  Call call;
  call.method = method;
  call.target = target;
  call.token = token;
  call.headers = std::move(headers);
  call.body = std::move(body);
  auto answer = hub_.world.ask(call);
  check(call, answer);
  return answer;
}

Reporter::Names Reporter::not_answered(bool success) const {
  Names out;
  for (auto const& [name, operation] : operations_)
    for (auto const& answer : operation.node["responses"]) {
      auto status = answer.first.as<std::string>();
      if ((status < "400") == success && status != "default" && !seen_.contains(name + " " + status))
        out.insert(name + " " + status);
    }
  return out;
}

void Reporter::check(Call const& call, Answer const& answer) {
  auto path = call.target.substr(0, call.target.find('?'));
  auto match = hub_.world.router().match(call.method == "POST"     ? http::Method::post
                                         : call.method == "DELETE" ? http::Method::delete_
                                                                   : http::Method::get,
                                         path);
  REQUIRE(match.route != nullptr);
  auto name = call.method + " " + match.route->pattern;
  auto status = std::to_string(answer.status);
  seen_.insert(name + " " + status);
  auto const start = answer.body.substr(0, 2'000);
  CAPTURE(name, status, start);
  auto const responses = operations_.at(name).node["responses"];
  YAML::Node const& listed = responses;
  REQUIRE(listed[status]);
  auto const response = document_.resolve(listed[status]);
  check_headers(response, answer);
  check_content(response, answer);
}

void Reporter::check_headers(YAML::Node const& response, Answer const& answer) {
  Names described;
  for (auto const& pair : response["headers"]) {
    auto name = pair.first.as<std::string>();
    described.insert(name);
    auto const value = answer.header(name);
    // A page without rows may be without the first, an answer that is the first one without the second, one of an
    // instance that does not sign yet without the third, and what is refused before it is checked without the fourth.
    if (!value)
      CHECK((name.starts_with("X-TAXII-Date-Added-") || name == "Idempotency-Replayed" || name == "Tocsin-Manifest" ||
             (name.starts_with("Tocsin-") && answer.status == 403)));
    else
      CHECK(document_.breaches(document_.resolve(pair.second)["schema"], *value) == std::vector<std::string>{});
  }
  for (auto const& [name, value] : answer.headers) {
    CAPTURE(name);
    CHECK(described.contains(name));
  }
}

void Reporter::check_content(YAML::Node const& response, Answer const& answer) {
  if (!response["content"]) {
    CHECK(answer.body.empty());
    return;
  }
  YAML::Node const content = response["content"];
  YAML::Node const media = content[answer.content_type];
  REQUIRE(media);
  json const value = answer.content_type.contains("json") ? json::parse(answer.body) : json(answer.body);
  CHECK(document_.breaches(media["schema"], value) == std::vector<std::string>{});
}

}  // namespace tocsin::test
