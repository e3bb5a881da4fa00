// The program: reads settings, wires the concrete classes together, runs. The only place that names them all.
#include <cstdio>

int main() {
    std::puts("dropsmith " DROPSMITH_VERSION);
    return 0;
}
