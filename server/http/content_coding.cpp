#include "server/http/content_coding.hpp"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

constexpr int kGzipWindow = 15 + 16;

std::unexpected<core::Error> broken() { return core::fail(core::Code::bad_request, "The compressed body is broken."); }

std::unexpected<core::Error> too_large() {
  return core::fail(core::Code::content_too_large, "The decompressed body is too large.", "", "Send it in several parts.");
}

class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() {
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }

  core::Result<void> decode(std::string_view input, std::string& out, std::uint64_t limit) override {
    std::array<char, 16 * 1024> buffer;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    while (stream_.avail_in > 0) {
      if (complete_) return broken();  // bytes after the end
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = buffer.size();
      int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return broken();
      out.append(buffer.data(), buffer.size() - stream_.avail_out);
      if (out.size() > limit) return too_large();
      complete_ = code == Z_STREAM_END;
      if (code == Z_BUF_ERROR) break;
    }
    return {};
  }
  bool complete() const override { return complete_; }

 private:
  z_stream stream_{};
  bool complete_ = false;
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, 23);  // 8 MiB, whatever a frame asks for
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }

  core::Result<void> decode(std::string_view input, std::string& out, std::uint64_t limit) override {
    std::array<char, 16 * 1024> buffer;
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    for (bool more = true; more;) {
      ZSTD_outBuffer produced{buffer.data(), buffer.size(), 0};
      std::size_t code = ZSTD_decompressStream(stream_, &produced, &in);
      if (ZSTD_isError(code) != 0) return broken();
      out.append(buffer.data(), produced.pos);
      if (out.size() > limit) return too_large();
      complete_ = code == 0;
      more = in.pos < in.size || produced.pos == produced.size;
    }
    return {};
  }
  bool complete() const override { return complete_; }

 private:
  ZSTD_DStream* stream_;
  bool complete_ = false;
};

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1);
  if (ZSTD_isError(size) != 0) throw std::runtime_error("zstd failed");
  out.resize(size);
  return out;
}

}  // namespace

std::string_view name(Coding coding) {
  return coding == Coding::gzip ? "gzip" : coding == Coding::zstd ? "zstd" : "identity";
}

Coding negotiate(std::string_view accept) {
  double best = 0;
  Coding chosen = Coding::identity;
  while (!accept.empty()) {
    auto comma = accept.find(',');
    std::string_view item = trim(accept.substr(0, comma));
    accept = comma == std::string_view::npos ? std::string_view{} : accept.substr(comma + 1);
    auto semicolon = item.find(';');
    std::string_view coding = trim(item.substr(0, semicolon));
    double quality = 1;
    if (semicolon != std::string_view::npos) {
      std::string_view parameter = trim(item.substr(semicolon + 1));
      if (parameter.starts_with("q=")) quality = std::strtod(std::string(parameter.substr(2)).c_str(), nullptr);
    }
    Coding offered = equal_ignoring_case(coding, "zstd") ? Coding::zstd : equal_ignoring_case(coding, "gzip") ? Coding::gzip : Coding::identity;
    if (offered != Coding::identity && (quality > best || (quality == best && quality > 0 && offered == Coding::zstd))) {
      best = quality;
      chosen = offered;
    }
  }
  return chosen;
}

std::string compress(Coding coding, std::string_view bytes) {
  return coding == Coding::gzip ? gzip(bytes) : coding == Coding::zstd ? zstd(bytes) : std::string(bytes);
}

std::unique_ptr<Decoder> make_decoder(Coding coding) {
  if (coding == Coding::gzip) return std::make_unique<GzipDecoder>();
  return std::make_unique<ZstdDecoder>();
}

}  // namespace tocsin::http
