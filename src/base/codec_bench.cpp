// The codecs on the hot path: a one-line hold's JSON in and out, its CBOR in and out, the ids.
#include <benchmark/benchmark.h>

#include "base/cbor.h"
#include "base/describe.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/public_id.h"
#include "base/sample_testing.h"

namespace dropsmith {

namespace bench {
struct Line {
    sample::TrunkId sku;
    Quantity units;
    std::optional<Money> unit_price;
};
DROPSMITH_RECORD(Line, sku, units, unit_price)
struct Body {
    sample::TrunkId drop;
    sample::TrunkId channel;
    std::vector<Line> lines;
    std::string note;
    std::optional<Instant> at;
};
DROPSMITH_RECORD(Body, drop, channel, lines, note, at)
}  // namespace bench
DROPSMITH_TYPES(bench::Line, bench::Body)

namespace {

using bench::Body;

const PublicIds ids(std::string(32, 'k'));
const JsonContext shop{&ids, "GBP"};

Body sample_body() {
    Body body{sample::TrunkId{7}, sample::TrunkId{1}, {}, "ring twice", Instant{1'795'299'381'000}};
    body.lines.push_back({sample::TrunkId{1234}, Quantity{1}, Money{2990}});
    return body;
}

void parse(benchmark::State& state) {
    std::string text;
    write_json(text, sample_body(), shop);
    for (auto _ : state) benchmark::DoNotOptimize(parse_json<Body>(text, shop).ok());
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
    state.counters["bytes"] = static_cast<double>(text.size());
}
void print(benchmark::State& state) {
    const Body body = sample_body();
    std::string text;
    for (auto _ : state) {
        text.clear();
        write_json(text, body, shop);
        benchmark::DoNotOptimize(text.data());
    }
}
void encode(benchmark::State& state) {
    const Body body = sample_body();
    Bytes out;
    for (auto _ : state) {
        out.clear();
        encode_cbor(out, {&type_of<Body>(), &body});
        benchmark::DoNotOptimize(out.data());
    }
    state.counters["bytes"] = static_cast<double>(out.size());
}
void decode(benchmark::State& state) {
    const Body body = sample_body();
    Bytes out;
    encode_cbor(out, {&type_of<Body>(), &body});
    for (auto _ : state) {
        Body again;
        ByteView in = out;
        benchmark::DoNotOptimize(decode_cbor(in, type_of<Body>(), &again));
    }
}
void show_id(benchmark::State& state) {
    std::string out;
    for (auto _ : state) {
        out.clear();
        ids.show_to(out, "hold", 12345);
        benchmark::DoNotOptimize(out.data());
    }
}
void digest_64k(benchmark::State& state) {
    const std::string bytes(65536, 'x');
    for (auto _ : state) benchmark::DoNotOptimize(blake2b(bytes));
    state.SetBytesProcessed(65536 * state.iterations());
}

BENCHMARK(parse);
BENCHMARK(print);
BENCHMARK(encode);
BENCHMARK(decode);
BENCHMARK(show_id);
BENCHMARK(digest_64k);

}  // namespace
}  // namespace dropsmith
