// The one bridge between coroutines and blocking work: a pool of reader threads, each with a database connection of its
// own. Owned by app; `run` from any coroutine.
#pragma once

#include <atomic>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "schema/core/result.hpp"
#include "server/store/database.hpp"

namespace tocsin::store {

class Bridge {
 public:
  static constexpr std::size_t kMostWaiting = 4'096;

  Bridge(Database& database, unsigned threads) : database_(database), pool_(threads) {}
  ~Bridge() { pool_.join(); }

  // Runs `work` on a reader thread and resumes the caller on its own. `work` returns a Result<T>. Errors besides its
  // own: unavailable when too much waits already, storage_failed when the thread cannot open its connection.
  template <class T>
  boost::asio::awaitable<core::Result<T>> run(std::function<core::Result<T>(ReadStore&)> work) {
    if (waiting_.fetch_add(1) >= kMostWaiting) {
      waiting_.fetch_sub(1);
      co_return core::fail(core::Code::unavailable, "Too many requests wait for the database.", "",
                           "Try again in a moment.");
    }
    auto initiate = [this](auto handler, std::function<core::Result<T>(ReadStore&)> job) {
      auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      boost::asio::post(pool_, [this, shared, job = std::move(job)] {
        std::exception_ptr thrown;
        auto result = std::make_shared<std::optional<core::Result<T>>>();
        try {
          auto reader = this_thread_reader();
          if (reader)
            result->emplace(job(**reader));
          else
            result->emplace(std::unexpected(reader.error()));
        } catch (...) {
          thrown = std::current_exception();
        }
        waiting_.fetch_sub(1);
        auto executor = boost::asio::get_associated_executor(*shared);
        boost::asio::post(executor, [shared, thrown, result] { std::move (*shared)(thrown, result); });
      });
    };
    auto result =
        co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const,
                                             void(std::exception_ptr, std::shared_ptr<std::optional<core::Result<T>>>)>(
            std::move(initiate), boost::asio::use_awaitable, std::move(work));
    co_return std::move(**result);
  }

 private:
  core::Result<ReadStore*> this_thread_reader() {
    thread_local std::unique_ptr<ReadStore> reader;
    thread_local Bridge const* owner = nullptr;
    if (owner != this) {
      auto opened = database_.open_reader();
      if (!opened) return std::unexpected(opened.error());
      reader = *std::move(opened);
      owner = this;
    }
    return reader.get();
  }

  Database& database_;
  std::atomic<std::size_t> waiting_{0};
  boost::asio::thread_pool pool_;
};

}  // namespace tocsin::store
