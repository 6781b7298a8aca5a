// The requests of tests/cases/http/framing.txt, for the parser's tests and for the server's.
#pragma once

#include <string>
#include <vector>

namespace tocsin::test {

struct FramingCase {
  std::string name;
  std::string bytes;
  int status = 0;  // 200: understood
};

// Throws when the file is absent or malformed.
[[nodiscard]] std::vector<FramingCase> framing_cases();

}  // namespace tocsin::test
