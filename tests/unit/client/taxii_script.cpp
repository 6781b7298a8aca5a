#include "tests/unit/client/taxii_script.hpp"

#include <sstream>

#include "clients/cpp/program.hpp"

namespace tocsin::test {

TaxiiScript::TaxiiScript() {
  auto const fixed = [](std::string body) { return [body](ScriptedRequest const&) { return reply(200, body); }; };
  on("GET /taxii2/", fixed(R"({"title":"t","default":"/api/","api_roots":["/api/"]})"));
  on("GET /api/",
     fixed(R"({"title":"r","versions":["application/taxii+json;version=2.1"],"max_content_length":100000})"));
  on("GET /api/collections/", fixed(std::string(R"({"collections":[{"id":")") + kNetworkId +
                                    R"(","title":"network","alias":"net","can_read":true,"can_write":true},{"id":")" +
                                    kCampaignsId + R"(","title":"campaigns","can_read":true,"can_write":false}]})"));
}

void TaxiiScript::start() {
  if (server_) return;
  Script script;
  script.answer = [this](ScriptedRequest const& request) {
    auto const found = answers_.find(request.method + " " + request.target.substr(0, request.target.find('?')));
    return found == answers_.end() ? reply(404, R"({"title":"There is nothing here","http_status":"404"})")
                                   : found->second(request);
  };
  server_ = std::make_unique<ScriptedServer>(std::move(script), authority_.issue("IP:127.0.0.1"));
}

std::string TaxiiScript::url() const { return "https://127.0.0.1:" + std::to_string(server_->port()); }

TaxiiScript::Run TaxiiScript::run(std::vector<std::string> arguments, std::string const& input) {
  std::ostringstream out;
  auto done = run(std::move(arguments), input, out);
  done.out = out.str();
  return done;
}

TaxiiScript::Run TaxiiScript::run(std::vector<std::string> arguments, std::string const& input, std::ostream& out) {
  start();
  std::istringstream in(input);
  std::ostringstream err;
  auto variables = variables_;
  variables.insert({{"TOCSIN_URL", url()},
                    {"TOCSIN_TOKEN", "t0ken"},
                    {"TOCSIN_CA", folder_.file("ca.crt", authority_.certificate()).string()}});
  auto const environment = [&](std::string const& name) -> std::optional<std::string> {
    auto const found = variables.find(name);
    return found == variables.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
  };
  client::Console console{.in = in, .out = out, .err = err, .piped = piped_};
  auto const exit =
      client::run_program(std::move(arguments), console, environment, [this](auto time) { pauses_.push_back(time); });
  return {exit, {}, err.str()};
}

}  // namespace tocsin::test
