// Where the URLs of the discovery resource lead.
#include "server/endpoints/handlers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/support/catch.hpp"
#include "tests/unit/endpoints/hub.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

// The root that is named to who asks with this Host.
std::string root_for(Hub& hub, std::string const& host) {
  http::Request request;
  request.headers.add("Host", host);
  boost::asio::io_context io(1);
  std::optional<http::Response> response;
  boost::asio::co_spawn(io, endpoints::taxii_discovery(hub.world.instance().context(), request),
                        [&](std::exception_ptr, http::Response made) { response = std::move(made); });
  io.run();
  auto const document = nlohmann::json::parse(std::get<std::string>(response.value().body));
  CHECK(document["api_roots"] == nlohmann::json::array({document["default"]}));
  return document["default"].get<std::string>();
}

}  // namespace

TEST_CASE("Discovery leads to where the client asked, by the server's name or by an address",
          "[endpoints][discovery]") {
  Hub hub;
  for (char const* host : {"hub.example", "HUB.example:443", "hub.example:9443", "localhost:8443", "127.0.0.1:40123",
                           "[::1]:8443", "[2001:db8::1]"})
    CHECK(root_for(hub, host) == "https://" + std::string(host) + "/taxii2/root/");
}

TEST_CASE("Discovery never leads to a name that is not the server's", "[endpoints][discovery]") {
  Hub hub;
  std::string const own = root_for(hub, "evil.example");
  CHECK(own.starts_with("https://hub.example"));
  for (char const* host :
       {"hub.example.evil.example", "evil.example:8443", "hub.example:443:evil", "hub.example:", "hub.example:99999999",
        "[::1", "[::1]evil.example", "::1", "[hub.example.evil]", ":443", "-"})
    CHECK(root_for(hub, host) == own);
}
