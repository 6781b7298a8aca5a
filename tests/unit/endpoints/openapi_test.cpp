// schema/openapi.yaml against the server's own tables: routes, permissions, error codes. Neither has what the other
// lacks.
#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "server/access/administration.hpp"
#include "server/access/permissions.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/in_process.hpp"
#include "tests/unit/endpoints/openapi.hpp"

using namespace tocsin;
using test::OpenApi;
using test::Operation;

namespace {

using Names = std::set<std::string>;

// What a witness answers when the asker is somewhere else (C2SP tlog-witness): no problem, but the size.
Names const kSize{"text/x.tlog.size"};

Names without(Names const& from, Names const& what) {
  Names out;
  std::ranges::set_difference(from, what, std::inserter(out, out.end()));
  return out;
}

std::string name_of(http::Route const& route) { return std::string(http::name(route.method)) + " " + route.pattern; }

// The document and, by the name of its operation, each route.
struct Tables {
  test::InProcess world;
  OpenApi document;
  std::vector<Operation> operations = document.operations();
  std::map<std::string, http::Route const*> routes;

  Tables() {
    for (auto const& route : world.router().routes()) routes.emplace(name_of(route), &route);
  }

  template <class F>
  void for_each(F check) {
    for (auto const& operation : operations) {
      CAPTURE(operation.name());
      REQUIRE(routes.contains(operation.name()));
      auto const& route = *routes.at(operation.name());
      check(operation, route, *access::find_permission(route.permission));
    }
  }
};

Names keys(YAML::Node const& map) {
  Names out;
  for (auto const& pair : map) out.insert(pair.first.as<std::string>());
  return out;
}

template <class F>
void walk(YAML::Node const& node, F const& visit) {
  visit(node);
  if (node.IsMap())
    for (auto const& pair : node) walk(pair.second, visit);
  if (node.IsSequence())
    for (auto const& one : node) walk(one, visit);
}

std::map<std::string, int> const& catalogue() {
  static std::map<std::string, int> const codes{
#define TOCSIN_ERROR(name, code, http, retryable, title) {code, http},
#include "schema/core/errors.def"
#undef TOCSIN_ERROR
  };
  return codes;
}

// The `codes` in backquotes that a description names.
Names codes_in(std::string const& description) {
  Names out;
  for (std::size_t begin = 0; (begin = description.find('`', begin)) != std::string::npos;) {
    std::size_t end = description.find('`', begin + 1);
    if (end == std::string::npos) break;
    if (auto word = description.substr(begin + 1, end - begin - 1); catalogue().contains(word)) out.insert(word);
    begin = end + 1;
  }
  return out;
}

}  // namespace

TEST_CASE("The document describes every route, and no other operation", "[endpoints][openapi]") {
  Tables tables;
  Names described, served;
  for (auto const& operation : tables.operations) CHECK(described.insert(operation.name()).second);
  for (auto const& [name, route] : tables.routes) served.insert(name);
  CHECK(without(described, served) == Names{});
  CHECK(without(served, described) == Names{});
}

TEST_CASE("Each operation names its permission and exactly the roles that have it", "[endpoints][openapi]") {
  Tables tables;
  tables.for_each([](Operation const& operation, http::Route const& route, access::Permission const& permission) {
    CHECK(operation.node["x-permission"].as<std::string>() == route.permission);
    auto const roles = access::role_names(permission.roles);
    CHECK(operation.node["x-roles"].as<std::vector<std::string>>() == roles);
    CHECK(permission.anyone == roles.empty());
  });
}

TEST_CASE("Credentials and tag of an operation are those of its surface", "[endpoints][openapi]") {
  Tables tables;
  tables.for_each([](Operation const& operation, http::Route const& route, access::Permission const& permission) {
    Names schemes;
    for (auto const& one : operation.node["security"]) schemes.merge(keys(one));
    bool taxii = route.surface == http::Surface::taxii;
    bool const in_session = route.permission == "console.session" && route.method != http::Method::post;
    CHECK(schemes == (permission.anyone ? Names{}
                      : taxii           ? Names{"basic", "bearer"}
                      : in_session      ? Names{"console"}
                                        : Names{"bearer"}));
    auto tag = operation.node["tags"][0].as<std::string>();
    if (taxii) CHECK(tag == "taxii");
    if (route.surface == http::Surface::operations) CHECK(tag == "operations");
    if (route.surface == http::Surface::native)
      CHECK(tag == (route.permission.starts_with("audit.")        ? "audit"
                    : route.permission.starts_with("log.")        ? "log"
                    : route.permission.starts_with("witness.")    ? "log"
                    : route.pattern.starts_with("/api/v1/admin/") ? "administration"
                                                                  : "native"));
  });
}

TEST_CASE("The document's error codes are the catalogue's, in its order", "[endpoints][openapi]") {
  std::vector<std::string> const codes{
#define TOCSIN_ERROR(name, code, http, retryable, title) code,
#include "schema/core/errors.def"
#undef TOCSIN_ERROR
  };
  CHECK(OpenApi().at("#/components/schemas/ErrorCode")["enum"].as<std::vector<std::string>>() == codes);
}

TEST_CASE("Every reference leads somewhere, and every component is referred to", "[endpoints][openapi]") {
  OpenApi document;
  Names used, there;
  walk(document.root(), [&](YAML::Node const& node) {
    if (!node.IsMap() || !node["$ref"]) return;
    auto reference = node["$ref"].as<std::string>();
    CAPTURE(reference);
    CHECK_NOTHROW(document.at(reference));
    used.insert(reference);
  });
  for (auto const& kind : document.root()["components"])
    for (auto const& name : keys(kind.second))
      there.insert("#/components/" + kind.first.as<std::string>() + "/" + name);
  Names schemes;
  for (auto const& operation : document.operations())
    for (auto const& one : operation.node["security"]) schemes.merge(keys(one));
  for (auto const& scheme : schemes) used.insert("#/components/securitySchemes/" + scheme);
  CHECK(without(there, used) == Names{});
  CHECK(without(used, there) == Names{});
}

TEST_CASE("No mapping of the document has a name twice", "[endpoints][openapi]") {
  walk(OpenApi().root(), [](YAML::Node const& node) {
    if (!node.IsMap()) return;
    Names seen;
    for (auto const& pair : node) {
      CAPTURE(pair.first.as<std::string>(), pair.first.Mark().line);
      CHECK(seen.insert(pair.first.as<std::string>()).second);
    }
  });
}

TEST_CASE("Each operation has an operationId of its own and a summary", "[endpoints][openapi]") {
  Names ids;
  for (auto const& operation : OpenApi().operations()) {
    CAPTURE(operation.name());
    REQUIRE(operation.node["operationId"]);
    CHECK(ids.insert(operation.node["operationId"].as<std::string>()).second);
    CHECK_FALSE(operation.node["summary"].as<std::string>().empty());
  }
}

TEST_CASE("Each parameter of a path is described once, and is in the path", "[endpoints][openapi]") {
  for (auto const& operation : OpenApi().operations()) {
    CAPTURE(operation.name());
    Names in_path, described;
    for (std::size_t at = 0; (at = operation.path.find('{', at)) != std::string::npos; ++at)
      in_path.insert(operation.path.substr(at + 1, operation.path.find('}', at) - at - 1));
    for (auto const& parameter : operation.parameters) {
      if (parameter["in"].as<std::string>() != "path") continue;
      CHECK(described.insert(parameter["name"].as<std::string>()).second);
      CHECK(parameter["required"].as<bool>());
    }
    CHECK(described == in_path);
  }
}

TEST_CASE("Each documented failure names its codes, and the catalogue gives them that status", "[endpoints][openapi]") {
  OpenApi document;
  for (auto const& operation : document.operations())
    for (auto const& answer : operation.node["responses"]) {
      auto status = answer.first.as<std::string>();
      CAPTURE(operation.name(), status);
      if (status == "default" || status < "400") continue;
      auto const response = document.resolve(answer.second);
      if (keys(response["content"]) == kSize) continue;
      auto codes = codes_in(response["description"].as<std::string>());
      CHECK_FALSE(codes.empty());
      for (auto const& code : codes) {
        CAPTURE(code);
        CHECK(std::to_string(catalogue().at(code)) == status);
      }
    }
}

TEST_CASE("Each operation lists the refusals of the gates before it", "[endpoints][openapi]") {
  Tables tables;
  tables.for_each([](Operation const& operation, http::Route const& route, access::Permission const& permission) {
    Names expected{"403", "default"};
    if (!permission.anyone) expected.insert("401");
    if (route.surface != http::Surface::operations) expected.insert({"429", "503"});
    if (route.surface == http::Surface::taxii) expected.insert("406");
    if (auto const body = operation.node["requestBody"]) {
      expected.insert({"400", "408", "413", "422"});
      if (keys(body["content"]) != Names{"*/*"}) expected.insert("415");
    }
    CHECK(without(expected, keys(operation.node["responses"])) == Names{});
  });
}

TEST_CASE("Failures have the media type of their surface", "[endpoints][openapi]") {
  Tables tables;
  tables.for_each([&](Operation const& operation, http::Route const& route, access::Permission const&) {
    bool taxii = route.surface == http::Surface::taxii;
    Names expected{taxii ? "application/taxii+json;version=2.1" : "application/problem+json"};
    for (auto const& answer : operation.node["responses"]) {
      auto status = answer.first.as<std::string>();
      CAPTURE(status);
      auto const types = keys(tables.document.resolve(answer.second)["content"]);
      if (status >= "400" && types != kSize) CHECK(types == expected);
    }
  });
}

TEST_CASE("What the document says of the size of bodies is the limit of the route", "[endpoints][openapi]") {
  Tables tables;
  auto const most = tables.world.instance().context().settings.max_content_length.get();
  tables.for_each([&](Operation const& operation, http::Route const& route, access::Permission const&) {
    if (auto const body = operation.node["requestBody"]) {
      auto text = body["description"].as<std::string>();
      CHECK(body["required"].as<bool>());
      bool envelope = text.contains("At most `max_content_length` bytes"), small = text.contains("At most 64 KiB");
      CHECK(envelope != small);
      CHECK(route.body_limit == (envelope ? most : 65'536));
    } else if (route.body_limit > 0) {
      CHECK(operation.node["description"].as<std::string>().contains("A body is not looked at."));
    }
  });
}

TEST_CASE("Every example is what its schema says", "[endpoints][openapi]") {
  OpenApi document;
  std::size_t examples = 0;
  auto check = [&](YAML::Node const& holder, YAML::Node const& schema) {
    auto compare = [&](YAML::Node const& example) {
      CAPTURE(holder.Mark().line);
      CHECK(document.breaches(schema, test::to_json(example)) == std::vector<std::string>{});
      ++examples;
    };
    if (holder["example"]) compare(holder["example"]);
    for (auto const& pair : holder["examples"]) compare(document.resolve(pair.second)["value"]);
  };
  walk(document.root(), [&](YAML::Node const& node) {
    if (!node.IsMap()) return;
    if (node["schema"] && node["schema"].IsMap()) check(node, node["schema"]);
    if (node["type"] && node["type"].IsScalar() && node["properties"]) check(node, node);
  });
  CHECK(examples > 15);
}
