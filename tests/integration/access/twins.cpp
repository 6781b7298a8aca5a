#include "tests/integration/access/twins.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/log/checkpoint.hpp"

namespace tocsin::test {
namespace {

using nlohmann::json;

constexpr char const* kIndicatorExtension = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa";

std::string next_of(Answer const& answer) {
  auto document = json::parse(answer.body, nullptr, false);
  return document.is_object() ? document.value("next", std::string()) : std::string();
}

// Of alerts: where the next answer goes on, as long as this one is not the last.
std::string place_of(Answer const& answer, bool also_of_last) {
  auto document = json::parse(answer.body, nullptr, false);
  if (!document.is_object() || !document.contains("complete")) return {};
  return also_of_last || !document.at("complete").get<bool>() ? document.value("after", std::string()) : std::string();
}

void replace_all(std::string& text, std::string const& what, std::string const& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

}  // namespace

std::string text_of(Indicator const& indicator) {
  std::string second = std::to_string(10 + indicator.second);
  json out{{"id", indicator.id},
           {"type", "indicator"},
           {"spec_version", "2.1"},
           {"created", "2024-01-01T00:00:00.000Z"},
           {"modified", "2024-01-01T00:00:" + second + ".000Z"},
           {"valid_from", "2024-01-01T00:00:00.000Z"},
           {"name", indicator.name},
           {"pattern", "[ipv4-addr:value = '203.0.113.7']"},
           {"pattern_type", "stix"}};
  if (!indicator.marking.empty()) out["object_marking_refs"] = {indicator.marking};
  if (!indicator.kind.empty())
    out["extensions"] = {
        {kIndicatorExtension, {{"extension_type", "property-extension"}, {"indicator_kind", indicator.kind}}}};
  return out.dump();
}

Transcript::Transcript(InProcess& server, std::string token, Questions const& questions, Compare compare)
    : server_(server), token_(std::move(token)), questions_(questions), compare_(compare) {
  learn_dates();
  for (auto const& route : server_.router().routes())
    if (route.method == http::Method::get) ask_route(route);
  ask_all("/taxii2/root/nothing/here/");
}

void Transcript::learn_dates() {
  std::set<std::string> dates;
  for (auto const& collection : questions_.collections) {
    auto answer = server_.get("/taxii2/root/collections/" + collection + "/manifest/?match[version]=all", token_);
    auto document = json::parse(answer.body);
    for (auto const& row : document.value("objects", json::array()))
      dates.insert(row.at("date_added").get<std::string>());
  }
  dates_.assign(dates.begin(), dates.end());
}

void Transcript::ask_route(http::Route const& route) {
  std::vector<std::string> paths{route.pattern};
  auto fill = [&paths](std::string const& parameter, std::vector<std::string> const& values) {
    std::vector<std::string> out;
    for (auto const& path : paths)
      for (auto const& value : values) {
        out.push_back(path);
        replace_all(out.back(), parameter, value);
      }
    if (paths.front().find(parameter) != std::string::npos) paths = std::move(out);
  };
  auto const of = [&](char const* part) { return route.pattern.find(part) != std::string::npos; };
  fill("{id}", of("/status/")                            ? questions_.submissions
               : of("/campaigns/") || of("/indicators/") ? questions_.objects
                                                         : questions_.collections);
  fill("{object}", questions_.objects);
  fill("{log}", {"data", "control"});
  fill("{+tile}", {"0/000.p/1"});
  fill("{file}", {"manifest.json"});
  fill("{+path}", {"feeds"});
  fill("{hash}", {log::origin_hash("hub.example/log")});
  for (auto const& path : paths) ask_all(path);
}

std::vector<std::string> Transcript::queries_of(std::string const& path) const {
  if (path == "/api/v1/alerts") return {"?limit=1", "?limit=3", "?limit=0", "?after=AAAA", "?limit=2&limit=2"};
  if (path == "/api/v1/indicators")
    return {"?limit=1",
            "?limit=3",
            "?limit=0",
            "?next=AAAA",
            "?kind=ip-range",
            "?kind=nobody",
            "?within=0.0.0.0/0",
            "?value=AS64500",
            "?contains=198.51.100.7",
            "?min_confidence=1",
            "?q=n",
            "?q=hidden",
            "?q=hid*",
            "?q=%22other%20kind%22"};
  if (path == "/api/v1/why")
    return {"?covers=203.0.113.7", "?covers=203.0.113.7&limit=1", "?covers=AS64500", "?covers=a.hidden.example"};
  if (path == "/api/v1/report") return {"?since=2001-01-01T00:00:00Z", "?limit=1"};
  if (path == "/api/v1/campaigns") return {"?limit=1", "?limit=2", "?limit=0", "?after=AAAA"};
  if (path.find("/collections/") == std::string::npos) return {"?limit=1"};
  // An alias, or the id of a collection that is not there, leads to what the ids lead to, or to nothing.
  bool id = path.find(questions_.collections[0]) != std::string::npos ||
            path.find(questions_.collections[1]) != std::string::npos;
  if (!id) return {"?limit=1&match[version]=all", "?limit=0", "?added_after=2001-01-01T00:00:00Z"};
  std::vector<std::string> out{"?limit=2",
                               "?limit=1",
                               "?limit=0",
                               "?match[type]=indicator",
                               "?match[type]=campaign",
                               "?match[type]=tool&limit=1",
                               "?match[version]=all&limit=3",
                               "?match[version]=first",
                               "?match[version]=last&limit=1",
                               "?match[version]=all,last",
                               "?match[version]=2024-01-01T00:00:11.000Z",
                               "?match[version]=2024-01-01T00:00:12.000Z,first",
                               "?match[spec_version]=2.0",
                               "?match[spec_version]=3",
                               "?match[nothing]=1",
                               "?next=AAAA",
                               "?added_after=never",
                               "?added_after=2001-01-01T00:00:00Z&limit=2",
                               "?added_after=2099-01-01T00:00:00Z",
                               "?unknown=1"};
  for (auto const& object : questions_.objects) out.push_back("?match[version]=all&match[id]=" + object);
  for (std::size_t i = 0; i < dates_.size(); i += 5) out.push_back("?limit=1&added_after=" + dates_[i]);
  return out;
}

void Transcript::ask_all(std::string const& path) {
  walk(path, "");
  for (auto const& query : queries_of(path)) walk(path, query);
  Call call{"GET", path, token_, {}, {}, Door::https, "192.0.2.1"};
  auto with = [&](auto change) {
    Call changed = call;
    change(changed);
    ask(changed.method + " " + path + (changed.headers.empty() ? "" : " " + changed.headers[0].first),
        std::move(changed));
  };
  with([](Call& one) { one.method = "HEAD"; });
  with([](Call& one) { one.method = "OPTIONS"; });
  with([](Call& one) { one.method = "PUT"; });
  with([](Call& one) { one.headers.emplace_back("Accept", "text/html"); });
  with([](Call& one) { one.headers.emplace_back("If-None-Match", "*"); });
  with([](Call& one) { one.headers.emplace_back("Origin", "https://elsewhere.example"); });
  with([](Call& one) { one.token.back() = one.token.back() == 'A' ? 'B' : 'A'; });
}

void Transcript::ask(std::string const& name, Call call) {
  exchanges_.push_back({without_dates(name), written(server_.ask(call))});
}

void Transcript::walk(std::string const& path, std::string const& query) {
  std::string target = path + query;
  for (int page = 0; page < 100; ++page) {
    auto answer = server_.get(target, token_);
    exchanges_.push_back({without_dates(path + query) + " page " + std::to_string(page), written(answer)});
    if (auto etag = answer.header("ETag"); etag && page == 0)
      ask(path + " If-None-Match", {"GET", target, token_, {{"If-None-Match", *etag}}, {}, Door::https, ""});
    std::string next = next_of(answer), place = place_of(answer, false);
    if (next.empty() && place.empty()) return;
    target = path + (place.empty() ? "?limit=2&next=" + next : "?limit=2&after=" + place);
  }
  throw std::logic_error("the pages of " + path + query + " do not end");
}

std::string Transcript::written(Answer const& answer) const {
  std::string out = std::to_string(answer.status) + " " + answer.content_type + "\n";
  std::string next = next_of(answer), body = answer.body;
  bool shapes = compare_ == Compare::shapes;
  std::string place = place_of(answer, true);
  if (shapes && !place.empty()) replace_all(body, place, "place of " + std::to_string(place.size()));
  if (shapes && !next.empty()) replace_all(body, next, "next of " + std::to_string(next.size()));
  body = without_dates(body);
  for (auto const& [name, value] : answer.headers) {
    bool random = shapes && name == "ETag" && (body != answer.body || body.empty());
    out += name + ": " + (random ? "of " + std::to_string(value.size()) : without_dates(value)) + "\n";
  }
  return out + "\n" + body;
}

std::string Transcript::without_dates(std::string text) const {
  if (compare_ == Compare::bytes) return text;
  for (std::size_t i = 0; i < dates_.size(); ++i) replace_all(text, dates_[i], "date " + std::to_string(i));
  return text;
}

}  // namespace tocsin::test
