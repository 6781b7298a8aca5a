#include "schema/core/md5.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "schema/core/bytes.hpp"

namespace tocsin::core {

std::string md5_hex(std::string_view bytes) {
  std::array<char, 16> out{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "MD5", nullptr, bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()),
                   &size) != 1)
    throw std::runtime_error("OpenSSL offers no MD5");
  return to_hex(std::string_view(out.data(), size));
}

}  // namespace tocsin::core
