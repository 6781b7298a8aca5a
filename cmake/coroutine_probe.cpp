// Exits 0 when the compiler keeps the lifetimes of temporaries in a co_await statement. Counts constructions against
// destructions for the forms that are known to be miscompiled: a capturing lambda, an aggregate, a conditional.
#include <coroutine>
#include <functional>
#include <string>

static int live = 0;

struct Counted {
  Counted() { ++live; }
  Counted(Counted const&) { ++live; }
  Counted(Counted&&) noexcept { ++live; }
  ~Counted() { --live; }
};

struct Task {
  struct promise_type {
    Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  explicit Task(std::coroutine_handle<promise_type> h) : handle(h) {}
  Task(Task&& other) noexcept : handle(other.handle) { other.handle = nullptr; }
  ~Task() {
    if (handle) handle.destroy();
  }
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
  std::coroutine_handle<promise_type> handle;
};

struct Aggregate {
  Counted a;
  std::string text;
};

static Task take_function(std::function<void()>) { co_return; }
static Task take_aggregate(Aggregate) { co_return; }
static Task take_counted(Counted const&) { co_return; }

static Task probe(bool which) {
  Counted captured;
  co_await take_function([captured] { (void)captured; });
  co_await take_aggregate(Aggregate{Counted{}, "x"});
  Counted other;
  co_await take_counted(which ? other : Counted{});
}

int main(int argc, char**) {
  { Task t = probe(argc > 5); }
  return live == 0 ? 0 : 1;
}
