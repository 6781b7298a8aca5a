#include "server/admission/harm/agents.hpp"

#include <algorithm>
#include <string>

namespace tocsin::admission::harm {
namespace {

using View = std::string_view;

struct Known {
  View agent;  // every version is 0
  Client client;
};
using enum Client;
constexpr Known kKnown[] = {
    {"Mozilla/0 (Windows NT 0; Win0; x0) AppleWebKit/0 (KHTML, like Gecko) Chrome/0 Safari/0", browser},
    {"Mozilla/0 (Windows NT 0; Win0; x0) AppleWebKit/0 (KHTML, like Gecko) Chrome/0 Safari/0 Edg/0", browser},
    {"Mozilla/0 (Macintosh; Intel Mac OS X 0_0_0) AppleWebKit/0 (KHTML, like Gecko) Chrome/0 Safari/0", browser},
    {"Mozilla/0 (Macintosh; Intel Mac OS X 0_0_0) AppleWebKit/0 (KHTML, like Gecko) Version/0 Safari/0", browser},
    {"Mozilla/0 (X0; Linux x0_0) AppleWebKit/0 (KHTML, like Gecko) Chrome/0 Safari/0", browser},
    {"Mozilla/0 (Linux; Android 0; K) AppleWebKit/0 (KHTML, like Gecko) Chrome/0 Mobile Safari/0", browser},
    {"Mozilla/0 (iPhone; CPU iPhone OS 0_0 like Mac OS X) AppleWebKit/0 (KHTML, like Gecko) Version/0 Mobile/0E0 "
     "Safari/0",
     browser},
    {"Mozilla/0 (Windows NT 0; Win0; x0; rv:0) Gecko/0 Firefox/0", browser},
    {"Mozilla/0 (X0; Linux x0_0; rv:0) Gecko/0 Firefox/0", browser},
    {"OpenAI/Python 0", sdk},
    {"OpenAI/JS 0", sdk},
    {"AsyncOpenAI/Python 0", sdk},
    {"OpenAI/Go 0", sdk},
    {"OpenAI/Java 0", sdk},
    {"Anthropic/Python 0", sdk},
    {"AsyncAnthropic/Python 0", sdk},
    {"Anthropic/JS 0", sdk},
    {"Anthropic/Go 0", sdk},
    {"Anthropic/Java 0", sdk},
    {"google-genai-sdk/0 gl-python/0", sdk},
    {"google-genai-sdk/0 gl-node/0", sdk},
    {"mistral-client-python/0", sdk},
    {"Boto0/0", sdk},
    {"python-requests/0", library},
    {"python-httpx/0", library},
    {"Python/0 aiohttp/0", library},
    {"Python-urllib/0", library},
    {"curl/0", library},
    {"axios/0", library},
    {"node-fetch/0", library},
    {"okhttp/0", library},
    {"Go-http-client/0", library},
    {"Java-http-client/0", library},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Runs of digits and dots become one 0.
std::string without_versions(View text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      out += text[at++];
      continue;
    }
    while (at < text.size() && (is_digit(text[at]) || text[at] == '.')) ++at;
    out += '0';
  }
  return out;
}

// Whether LIKE takes the text. Going back to the last % is enough: what an earlier one could take, it can.
bool matches(View pattern, View text) {
  std::size_t p = 0, t = 0, after_wild = pattern.npos, taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      after_wild = ++p;
      taken = t;
    } else if (p < pattern.size() && (pattern[p] == '_' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (after_wild != pattern.npos) {
      p = after_wild;
      t = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('%', p) == pattern.npos;
}

bool covers(View pattern, View agent) {
  constexpr std::size_t kLongest = 1'024;  // far longer than any of them
  return pattern.size() <= kLongest && matches(pattern, agent);
}

}  // namespace

Client covered_by(View agent, bool like) {
  auto const plain = without_versions(agent);
  auto worst = nothing;
  for (auto const& known : kKnown)
    if (like ? covers(plain, known.agent) : plain == known.agent) worst = std::max(worst, known.client);
  return worst;
}

View name_of(Client client) {
  constexpr View kNames[] = {"", "a common HTTP library", "a current browser", "an official SDK"};
  return kNames[static_cast<std::size_t>(client)];
}

}  // namespace tocsin::admission::harm
