#include "server/base/config.hpp"

#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"

using namespace tocsin::base;
using tocsin::core::Code;

namespace {

std::string const kRequired = R"([instance]
name = "Lab"
host = "tocsin.example"
identity = "identity--8f3a2f6e-3f0e-4c0b-9d5a-0b1c2d3e4f50"
origin = "tocsin.example/log"
)";

std::string file(char const* path) {
  std::ifstream in(path);
  INFO(path);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

ConfigErrors mistakes(std::string const& toml) {
  auto parsed = parse_config(toml);
  REQUIRE_FALSE(parsed);
  for (auto const& mistake : parsed.error()) CHECK(mistake.code == Code::config_invalid);
  return parsed.error();
}

// The only mistake of the required keys followed by `toml`.
tocsin::core::Error mistake(std::string const& toml) {
  INFO(toml);
  auto all = mistakes(kRequired + toml);
  REQUIRE(all.size() == 1);
  return all[0];
}

}  // namespace

TEST_CASE("what the file leaves out has its default", "[base][config]") {
  auto config = parse_config(kRequired);
  REQUIRE(config);
  CHECK(config->instance.name == "Lab");
  CHECK_FALSE(config->instance.demo);
  CHECK(config->listen.https == Address{"127.0.0.1", 8443});
  CHECK_FALSE(config->listen.loopback);
  CHECK_FALSE(config->listen.mtls);
  CHECK(config->tls.client_ca == "certs/clients-ca.crt");
  CHECK(config->tls.client_crl.empty());
  CHECK(config->tls.certificate == "certs/server.crt");
  CHECK(config->http.idle_timeout_s == 75);
  CHECK(config->taxii.default_page == 1'000);
  CHECK(config->store.commit_interval_ms == 20);
  CHECK(config->limits.requests_per_second == 0);
  CHECK(config->log.level == Level::info);
  CHECK(config->log.requests == RequestLog::failures);
}

TEST_CASE("what the file says is what the configuration holds", "[base][config]") {
  auto config = parse_config(kRequired + R"(demo = true
[listen]
https = "[::]:0"
loopback = "127.0.0.1:9090"
mtls = "[::]:8444"
tls12 = true
[http]
drain_timeout_s = 0
max_connections = 1_000_000
[log]
level = "debug"
requests = "all"
)");
  REQUIRE(config);
  CHECK(config->instance.demo);
  CHECK(config->listen.https == Address{"::", 0});
  CHECK(config->listen.loopback == Address{"127.0.0.1", 9090});
  CHECK(config->listen.mtls == Address{"::", 8444});
  CHECK(config->listen.tls12);
  CHECK(config->http.drain_timeout_s == 0);
  CHECK(config->http.max_connections == 1'000'000);
  CHECK(config->log.level == Level::debug);
  CHECK(config->log.requests == RequestLog::all);
}

TEST_CASE("every mistake is reported at once, in the order of the file, what is missing last", "[base][config]") {
  auto found = mistakes(R"([http]
threads = 257
treads = 2
[instance]
name = 7
host = "host:80"
[stroe]
cache_mib = 8
)");
  std::vector<std::string> seen;
  for (auto const& one : found) seen.push_back(one.pointer + " " + one.detail + " " + one.remedy);
  CHECK(seen ==
        std::vector<std::string>{
            "/http/threads Line 2: http.threads has a value that is not allowed. Its value must be from 0 to 256.",
            "/http/treads Line 3: http.treads is not a key. Did you mean http.threads?",
            "/instance/name Line 5: instance.name must be text in quotes. Its value must be 1 to 100 bytes of text "
            "without control characters.",
            "/instance/host Line 6: instance.host has a value that is not allowed. Its value must be a DNS name or an "
            "IP address, without a port.",
            "/stroe Line 7: stroe is not a section. Did you mean [store]?",
            "/instance/identity instance.identity is missing. It must be a STIX identifier identity--UUID.",
            "/instance/origin instance.origin is missing. It must be 1 to 200 visible ASCII characters, a URL without "
            "its scheme and without a plus sign."});
}

TEST_CASE("a key in the wrong place is told where it belongs", "[base][config]") {
  auto above = mistakes("threads = 2\n" + kRequired);
  REQUIRE(above.size() == 1);
  CHECK(above[0].detail == "Line 1: threads stands outside the sections.");
  CHECK(above[0].remedy == "threads belongs to [http].");
  CHECK(mistake("[store]\nmax_object_kib = 2\n").remedy == "max_object_kib belongs to [admission].");
  CHECK(mistake("[http]\nwholly_unknown = 2\n").remedy == "Remove it; docs/configuration.md lists the keys.");
  auto section = mistakes("http = 2\n" + kRequired);
  REQUIRE(section.size() == 1);
  CHECK(section[0].detail == "Line 1: http is a section, not a key.");
}

TEST_CASE("a name that is not close to any other gets no guess", "[base][config]") {
  for (auto const* name : {"foo", "bar", "abcdef"})
    CHECK(mistake("[" + std::string(name) + "]\na = 1\n").remedy ==
          "Remove it; docs/configuration.md lists the sections.");
  CHECK(mistake("[logs]\nlevel = \"info\"\n").remedy == "Did you mean [log]?");
  CHECK(mistake("[lmits]\na = 1\n").remedy == "Did you mean [limits]?");
}

TEST_CASE("a mistake says once what is allowed", "[base][config]") {
  auto found = mistake("[listen]\ntls12 = 1\n");
  CHECK(found.detail == "Line 7: listen.tls12 has a value that is not allowed.");
  CHECK(found.remedy == "Its value must be true or false.");
}

TEST_CASE("values just outside what is allowed are refused, those at the edge are not", "[base][config]") {
  for (auto const* toml :
       {"[http]\nthreads = -1", "[http]\nhandshake_timeout_s = 0", "[store]\ncache_mib = 7", "[taxii]\ntitle = \"\"",
        "[taxii]\ntitle = \"a\\nb\"", "[tls]\nkey = \"\"", "[tls]\nkey = \"a\\u0000b\"", "[listen]\nhttps = \"\"",
        "[listen]\nhttps = \"localhost:8443\"", "[listen]\nloopback = \"0.0.0.0:9090\"",
        "[listen]\nmtls = \"localhost:1\"", "[tls]\nclient_ca = \"\"", "[log]\nlevel = \"INFO\"",
        "[log]\nrequests = \"\"", "[http]\nthreads = 2.0", "[listen]\ntls12 = 1", "[log]\nlevel = [\"info\"]"}) {
    auto found = mistake(toml);
    CHECK(found.detail.starts_with("Line 7: "));
    CHECK_FALSE(found.remedy.empty());
  }
  for (auto const* toml : {"[http]\nthreads = 0", "[http]\nthreads = 256", "[http]\nhandshake_timeout_s = 1",
                           "[store]\ncache_mib = 1048576", "[cache]\npages_mib = 0", "[listen]\nloopback = \"\"",
                           "[listen]\nmtls = \"\"", "[tls]\nclient_crl = \"\""}) {
    INFO(toml);
    CHECK(parse_config(kRequired + toml));
  }
}

TEST_CASE("an origin is a URL without its scheme", "[base][config]") {
  for (auto const* origin : {"", "https://tocsin.example", "a b", "a+b", "é"}) {
    auto toml = kRequired;
    toml.replace(toml.find("tocsin.example/log"), 18, origin);
    INFO(toml);
    auto found = mistakes(toml);
    REQUIRE(found.size() == 1);
    CHECK(found[0].pointer == "/instance/origin");
  }
}

TEST_CASE("keys that contradict each other are a mistake, even if one is a default", "[base][config]") {
  auto written = mistake("[taxii]\ndefault_page = 10\nmax_page = 9\n");
  CHECK(written.detail == "Line 7: taxii.default_page is larger than taxii.max_page.");
  auto left_out = mistake("[taxii]\nmax_page = 999\n");
  CHECK(left_out.detail == "taxii.default_page, left at its default, is larger than taxii.max_page.");
  CHECK(left_out.pointer == "/taxii/default_page");
  CHECK(mistake("[admission]\nmax_object_kib = 2048\n[taxii]\nmax_content_length_mib = 1").pointer ==
        "/admission/max_object_kib");
}

TEST_CASE("a text that is no TOML has one mistake, with its line", "[base][config]") {
  auto found = mistakes(kRequired + "[http\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].detail.starts_with("Line 6: "));
  CHECK(mistakes("[http]\nthreads = 1\nthreads = 2\n").size() == 1);
  CHECK(mistakes("a = 1979-05-27 1\n").size() == 1);
  CHECK(mistakes("a = 1\nb = \xC3\xA9\n")[0].detail == "Line 2: a letter beyond ASCII stands outside quotes.");
  CHECK(mistakes("\xFF")[0].detail == "The file is not UTF-8.");
  CHECK(mistakes(std::string(1024 * 1024 + 1, '#'))[0].detail == "The file is longer than 1 MiB.");
}

TEST_CASE("a mistake does not repeat a long name", "[base][config]") {
  auto found = mistake("[http]\n" + std::string(5'000, 'x') + " = 1\n");
  CHECK(found.detail.size() < 100);
  CHECK(found.pointer.size() < 100);
}

TEST_CASE("a new file holds what was given, and shows the rest as comments", "[base][config]") {
  ConfigSetting const settings[] = {
      {"instance.name", std::string("A \"lab\" \\ é")},
      {"instance.host", std::string("192.0.2.7")},
      {"instance.identity", std::string("identity--8f3a2f6e-3f0e-4c0b-9d5a-0b1c2d3e4f50")},
      {"instance.origin", std::string("tocsin.example/log")},
      {"instance.demo", true},
      {"http.threads", std::int64_t{3}},
  };
  auto text = config_template(settings);
  REQUIRE(text);
  auto config = parse_config(*text);
  REQUIRE(config);
  CHECK(config->instance.name == "A \"lab\" \\ é");
  CHECK(config->instance.demo);
  CHECK(config->http.threads == 3);
  CHECK(text->find("\n# max_connections = 10000\n") != std::string::npos);

  // Every commented line is a default: taking the marks away changes nothing.
  std::string bare;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    auto key = line.starts_with("# ") ? line.substr(2, line.find(" = ") - 2) : "";
    bool commented = line.find(" = ") != line.npos && key.find(' ') == key.npos && !key.empty();
    bare += (commented ? line.substr(2) : line) + "\n";
  }
  CHECK(bare.find("\nmax_connections = 10000\n") != std::string::npos);
  CHECK(parse_config(bare));
}

TEST_CASE("a new file with a value that is not allowed is not made", "[base][config]") {
  ConfigSetting const settings[] = {{"instance.host", std::string("no host\n")}, {"http.threads", std::int64_t{1'000}}};
  auto text = config_template(settings);
  REQUIRE_FALSE(text);
  std::vector<std::string> pointers;
  for (auto const& found : text.error()) pointers.push_back(found.pointer);
  std::ranges::sort(pointers);
  CHECK(pointers == std::vector<std::string>{"/http/threads", "/instance/host", "/instance/identity", "/instance/name",
                                             "/instance/origin"});
}

TEST_CASE("keys that a running server cannot take up are named when they differ, others are not", "[base][config]") {
  auto const before = parse_config(kRequired);
  auto const needing = [&](std::string const& toml) {
    auto const after = parse_config(toml);
    REQUIRE(after);
    CHECK(keys_that_need_a_restart(*after, *before) == keys_that_need_a_restart(*before, *after));
    return keys_that_need_a_restart(*before, *after);
  };
  using Keys = std::vector<std::string>;
  CHECK(needing(kRequired) == Keys{});
  CHECK(needing(kRequired +
                "[listen]\ntls12 = true\n[http]\nidle_timeout_s = 7\nmax_connections = 3\n[limits]\nin_flight = 4\n"
                "[store]\ncommit_objects = 7\n[log]\nlevel = \"debug\"\nrequests = \"all\"\n[tls]\nkey = \"k\"\n"
                "[taxii]\nmax_page = 2000\n[admission]\nmax_object_kib = 7\n[cache]\npages_mib = 0\n") == Keys{});
  CHECK(needing(kRequired + "demo = true\n[listen]\nhttps = \"127.0.0.1:1\"\nloopback = \"127.0.0.1:2\"\nmtls = "
                            "\"127.0.0.1:3\"\n[http]\nthreads = 7\n"
                            "[taxii]\ntitle = \"other\"\n[store]\nreader_threads = 7\ncache_mib = 9\n") ==
        Keys{"instance.demo", "listen.https", "listen.mtls", "listen.loopback", "http.threads", "taxii.title",
             "store.reader_threads", "store.cache_mib"});
  auto other = kRequired;
  other.replace(other.find("Lab"), 3, "Hub");
  CHECK(needing(other) == Keys{"instance.name"});
}

TEST_CASE("the manual in docs is the one the table makes", "[base][config][golden]") {
  CHECK(config_manual() == file("tests/golden/config.md"));
  CHECK(config_manual() == file("docs/configuration.md"));
}
