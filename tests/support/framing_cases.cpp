#include "tests/support/framing_cases.hpp"

#include <fstream>
#include <stdexcept>
#include <string_view>

namespace tocsin::test {
namespace {

char plain_escape(char letter) {
  switch (letter) {
    case 'r':
      return '\r';
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '0':
      return '\0';
    case '\\':
    case '"':
      return letter;
    default:
      throw std::runtime_error(std::string("framing.txt: unknown escape \\") + letter);
  }
}

std::string unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text[0] != '\\') {
      out += text[0];
      text.remove_prefix(1);
    } else if (text.at(1) == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(2, 2)), nullptr, 16));
      text.remove_prefix(4);
    } else if (text.at(1) == '*') {
      auto open = text.find('{'), close = text.find('}');
      std::string piece = unescape(text.substr(open + 1, close - open - 1));
      for (int left = std::stoi(std::string(text.substr(2, open - 2))); left > 0; --left) out += piece;
      text.remove_prefix(close + 1);
    } else {
      out += plain_escape(text.at(1));
      text.remove_prefix(2);
    }
  }
  return out;
}

}  // namespace

std::vector<FramingCase> framing_cases() {
  std::ifstream file("tests/cases/http/framing.txt");
  std::vector<FramingCase> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("framing.txt: " + line);
    cases.push_back({line.substr(4, colon - 4), unescape(std::string_view(line).substr(colon + 2)), std::stoi(line)});
  }
  if (cases.empty()) throw std::runtime_error("tests/cases/http/framing.txt cannot be read");
  return cases;
}

}  // namespace tocsin::test
