#include "server/http/content_coding.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <new>
#include <stdexcept>

#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

constexpr int kGzipWindow = 15 + 16;          // the largest window, with a gzip wrapper
constexpr std::size_t kGzipHeld = 48 * 1024;  // the window and the tables of inflate, as zlib's manual has it
constexpr int kZstdWindowLog = 23;  // RFC 8878 section 3.1.1.1.2 asks for 8 MiB; a frame that wants more is refused
constexpr int kLevel = 1;           // fast: the wire is seldom the bottleneck

std::unexpected<core::Error> broken() {
  return core::fail(core::Code::bad_request, "The compressed body is broken.", "",
                    "Send what Content-Encoding names, or no Content-Encoding.");
}

Bytef* zlib_input(std::string_view bytes) { return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); }

class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() {
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(GzipDecoder const&) = delete;
  GzipDecoder& operator=(GzipDecoder const&) = delete;

  core::Result<std::size_t> decode(std::string_view& input, std::span<char> out) override {
    if (complete_) return input.empty() ? core::Result<std::size_t>(0) : broken();  // one member, nothing behind it
    stream_.next_in = zlib_input(input);
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    int code = inflate(&stream_, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return broken();
    input.remove_prefix(input.size() - stream_.avail_in);
    complete_ = code == Z_STREAM_END;
    if (complete_ && !input.empty()) return broken();
    return out.size() - stream_.avail_out;
  }
  bool complete() const override { return complete_; }
  std::size_t held() const override { return kGzipHeld; }

 private:
  z_stream stream_{};
  bool complete_ = false;
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLog);
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }
  ZstdDecoder(ZstdDecoder const&) = delete;
  ZstdDecoder& operator=(ZstdDecoder const&) = delete;

  core::Result<std::size_t> decode(std::string_view& input, std::span<char> out) override {
    ZSTD_outBuffer produced{out.data(), out.size(), 0};
    while (produced.pos == 0 && !(input.empty() && drained_)) {
      ZSTD_inBuffer in{input.data(), input.size(), 0};
      std::size_t code = ZSTD_decompressStream(stream_, &produced, &in);
      if (ZSTD_isError(code) != 0) return broken();
      input.remove_prefix(in.pos);
      complete_ = code == 0;
      drained_ = complete_ || produced.pos < produced.size;  // nothing is held back inside
    }
    return produced.pos;
  }
  bool complete() const override { return complete_; }
  std::size_t held() const override { return ZSTD_sizeof_DStream(stream_); }

 private:
  ZSTD_DStream* stream_;
  bool complete_ = false;
  bool drained_ = true;
};

class GzipEncoder final : public Encoder {
 public:
  GzipEncoder() {
    if (deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  ~GzipEncoder() override { deflateEnd(&stream_); }
  GzipEncoder(GzipEncoder const&) = delete;
  GzipEncoder& operator=(GzipEncoder const&) = delete;

  void encode(std::string_view input, bool last, std::string& out) override {
    std::size_t before = out.size();
    out.resize(before + deflateBound(&stream_, static_cast<uLong>(input.size())) + 64);
    stream_.next_in = zlib_input(input);
    stream_.avail_in = static_cast<uInt>(input.size());
    for (;;) {
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      stream_.avail_out = static_cast<uInt>(out.size() - before);
      int code = deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      before = out.size() - stream_.avail_out;
      if (stream_.avail_out > 0 || code == Z_STREAM_END) break;
      out.resize(out.size() * 2);
    }
    out.resize(before);
  }

 private:
  z_stream stream_{};
};

class ZstdEncoder final : public Encoder {
 public:
  ZstdEncoder() : context_(ZSTD_createCCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, kLevel);
  }
  ~ZstdEncoder() override { ZSTD_freeCCtx(context_); }
  ZstdEncoder(ZstdEncoder const&) = delete;
  ZstdEncoder& operator=(ZstdEncoder const&) = delete;

  void encode(std::string_view input, bool last, std::string& out) override {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    std::size_t before = out.size();
    for (bool more = true; more;) {
      out.resize(before + ZSTD_compressBound(in.size - in.pos) + 64);
      ZSTD_outBuffer produced{out.data(), out.size(), before};
      std::size_t left = ZSTD_compressStream2(context_, &produced, &in, last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left) != 0) throw std::runtime_error("zstd cannot compress");
      before = produced.pos;
      more = last ? left > 0 : in.pos < in.size;
    }
    out.resize(before);
  }

 private:
  ZSTD_CCtx* context_;
};

// A q-value in thousandths (RFC 9110 section 12.4.2); nullopt when it is not one.
std::optional<unsigned> parse_quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  unsigned thousandths = text[0] == '1' ? 1'000 : 0;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  for (unsigned i = 2, weight = 100; i < text.size(); ++i, weight /= 10) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    thousandths += static_cast<unsigned>(text[i] - '0') * weight;
  }
  return thousandths > 1'000 ? std::nullopt : std::optional(thousandths);
}

}  // namespace

std::string_view name(Coding coding) {
  switch (coding) {
    case Coding::gzip:
      return "gzip";
    case Coding::zstd:
      return "zstd";
    case Coding::identity:
      break;
  }
  return "identity";
}

std::optional<Coding> parse_coding(std::string_view text) {
  if (equal_ignoring_case(text, "x-gzip")) return Coding::gzip;
  for (Coding coding : {Coding::identity, Coding::gzip, Coding::zstd})
    if (equal_ignoring_case(text, name(coding))) return coding;
  return std::nullopt;
}

Coding negotiate(std::string_view accept) {
  std::optional<unsigned> any, zstd, gzip, identity;
  while (!accept.empty()) {
    std::string_view parameters = take_until(accept, ',');
    std::string_view coding = trim(take_until(parameters, ';'));
    std::string_view parameter = trim(parameters);
    std::optional<unsigned> quality = 1'000;
    if (!parameter.empty()) {
      bool is_quality = parameter.size() > 2 && equal_ignoring_case(parameter.substr(0, 2), "q=");
      quality = is_quality ? parse_quality(parameter.substr(2)) : std::nullopt;
    }
    if (!quality) continue;
    if (coding == "*") any = quality;
    auto known = parse_coding(coding);
    if (known) (*known == Coding::zstd ? zstd : *known == Coding::gzip ? gzip : identity) = quality;
  }
  // Whoever says `*` knows gzip; zstd is younger than many clients.
  unsigned for_zstd = zstd.value_or(0), for_gzip = gzip.value_or(any.value_or(0));
  unsigned best = std::max(for_zstd, for_gzip);
  if (best == 0 || best < identity.value_or(0)) return Coding::identity;
  return for_zstd == best ? Coding::zstd : Coding::gzip;
}

std::string compress(Coding coding, std::string_view bytes) {
  if (coding == Coding::identity) return std::string(bytes);
  std::string out;
  make_encoder(coding)->encode(bytes, true, out);
  return out;
}

std::unique_ptr<Encoder> make_encoder(Coding coding) {
  if (coding == Coding::gzip) return std::make_unique<GzipEncoder>();
  return std::make_unique<ZstdEncoder>();
}

std::unique_ptr<Decoder> make_decoder(Coding coding) {
  if (coding == Coding::gzip) return std::make_unique<GzipDecoder>();
  return std::make_unique<ZstdDecoder>();
}

core::Result<std::string> decode_whole(Coding coding, std::string_view bytes, std::size_t limit) {
  constexpr std::size_t kPiece = 64 * 1024;
  if (coding == Coding::identity) return std::string(bytes);
  auto decoder = make_decoder(coding);
  std::string out;
  for (;;) {
    std::size_t const before = out.size();
    out.resize(before + kPiece);
    auto made = decoder->decode(bytes, std::span(out).subspan(before));
    if (!made) return std::unexpected(std::move(made.error()));
    out.resize(before + *made);
    if (out.size() > limit)
      return core::fail(core::Code::content_too_large,
                        "The compressed body is longer than " + std::to_string(limit) + " bytes.");
    if (*made == 0) break;
  }
  if (!bytes.empty() || !decoder->complete()) return broken();
  return out;
}

}  // namespace tocsin::http
