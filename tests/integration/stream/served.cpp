#include "tests/integration/stream/served.hpp"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/gates.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::test {
namespace {

using nlohmann::json;

void take_field(std::string_view line, Event& event) {
  auto colon = line.find(": ");
  std::string_view name = line.substr(0, colon);
  std::string value(colon == std::string_view::npos ? "" : line.substr(colon + 2));
  if (name == "event") event.name = value;
  if (name == "id") event.id = value;
  if (name == "data") event.data += (event.data.empty() ? "" : "\n") + value;
}

}  // namespace

json Event::json() const { return json::parse(data); }
std::string Event::object_id() const { return json().at("object").at("id").get<std::string>(); }

EventReader::EventReader(RawClient client, std::string const& target, std::string const& token,
                         std::string const& last_id)
    : client_(std::move(client)) {
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n";
  if (!last_id.empty()) request += "Last-Event-ID: " + last_id + "\r\n";
  client_.send(request + "\r\n");
  auto head = client_.read_through("\r\n\r\n");
  if (!head) throw std::runtime_error("the server closed the connection");
  head_ = *head;
  status_ = std::stoi(head_.substr(9, 3));
}

// A piece ends with an empty line, and no object that is stored has a CR in it.
bool EventReader::fill() {
  auto size = client_.read_through("\r\n");
  if (!size) return false;
  if (*size == "0\r\n") {
    whole_ = client_.read_through("\r\n").has_value();
    return false;
  }
  auto piece = client_.read_through("\n\n\r\n");
  if (!piece) return false;
  text_ += piece->substr(0, piece->size() - 2);
  everything_ += piece->substr(0, piece->size() - 2);
  return true;
}

std::optional<Event> EventReader::next() {
  for (;;) {
    auto end = text_.find("\n\n");
    if (end == std::string::npos) {
      if (!fill()) return std::nullopt;
      continue;
    }
    Event event;
    for (std::string_view rest = std::string_view(text_).substr(0, end + 1); !rest.empty();) {
      auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(line.size() + 1);
      if (!line.starts_with(':')) take_field(line, event);
    }
    text_.erase(0, end + 2);
    if (!event.id.empty()) last_id_ = event.id;
    if (!event.data.empty()) return event;
    if (!event.id.empty() && event.name.empty()) return event;
  }
}

Served::Served(InProcess& world, Limits limits) {
  auto made = authority_.issue("DNS:localhost,IP:127.0.0.1");
  std::ofstream(folder_ / "server.crt") << made.certificate;
  std::ofstream(folder_ / "server.key") << made.key;
  http::ServerOptions options;
  options.https = {"127.0.0.1", 0};
  options.tls.certificate = folder_ / "server.crt";
  options.tls.key = folder_ / "server.key";
  options.threads = 2;
  options.write_timeout = limits.write_timeout;
  auto& instance = world.instance();
  server_ =
      std::make_unique<http::Server>(options, instance.router(), endpoints::gates(instance.context()),
                                     endpoints::error_answer, http::Observer(), instance.log(), instance.metrics());
  if (auto started = server_->start(); !started) throw std::runtime_error(started.error().detail);
  thread_ = std::thread([this] { server_->run(); });
}

Served::~Served() {
  if (thread_.joinable()) stop();
}

void Served::stop() {
  server_->stop();
  thread_.join();
}

EventReader Served::ask(std::string const& token, std::string const& query, std::string const& last_id) {
  return {RawClient::tls(server_->address().port), "/api/v1/stream" + query, token, last_id};
}

EventReader Served::follow(std::string const& token, std::string const& query, std::string const& last_id) {
  auto reader = ask(token, query, last_id);
  auto begin = reader.status() == 200 ? reader.next() : std::nullopt;
  if (!begin || !begin->data.empty()) throw std::runtime_error("the stream does not begin: " + reader.head());
  return reader;
}

Community::Community() {
  world.add_organisation("lab", "lab", "red");
  world.add_organisation("cloud", "cloud", "amber");
  for (char const* title : {"one", "two"}) collections.push_back(world.add_collection(title, "green"));
  lab = world.add_token("lab", "analyst");
  cloud = world.add_token("cloud", "analyst");
}

std::string Community::write(std::string const& marking, std::size_t collection, std::string const& type) {
  std::string digits = std::to_string(100'000'000'000 + ++written);
  json object{{"id", type + "--00000000-0000-4000-8000-" + digits},
              {"type", type},
              {"spec_version", "2.1"},
              {"created", "2024-01-01T00:00:00.000Z"},
              {"modified", "2024-01-01T00:00:00.000Z"},
              {"name", "line\r\nbreak \u2028 "}};
  if (type == "indicator") {
    object["pattern"] = "[ipv4-addr:value = '203.0.113.7']";
    object["pattern_type"] = "stix";
    object["valid_from"] = "2024-01-01T00:00:00.000Z";
  }
  if (!marking.empty()) object["object_marking_refs"] = {marking};
  auto answer = world.submit(collections.at(collection), lab, {object.dump()});
  if (answer.status != 202 || json::parse(answer.body).at("success_count") != 1) throw std::runtime_error(answer.body);
  return object.at("id").get<std::string>();
}

std::string Community::tlp(std::string const& level) {
  static std::map<std::string, std::string> const kIds{{"clear", "94868c89-83c2-464b-929b-a1a8aa3c8487"},
                                                       {"green", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
                                                       {"amber", "55d920b0-5e8b-4f79-9ee9-91f868d9b421"},
                                                       {"red", "e828b379-4e03-4974-9ac4-e53a884c97c1"}};
  return "marking-definition--" + kIds.at(level);
}

std::int64_t Community::open_streams() {
  return world.instance().metrics().gauge("tocsin_open_streams", "Streams of live events that are open.").value();
}

std::string next_object(EventReader& reader) {
  auto event = reader.next();
  REQUIRE(event.has_value());
  REQUIRE(event->name == "object");
  return event->object_id();
}

bool eventually(std::function<bool()> const& condition) {
  for (int i = 0; i < 10'000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

}  // namespace tocsin::test
