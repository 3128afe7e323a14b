/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands, in one table, taken from the kernel command line and from the console. To add
 * one: a handler and a row. Every console line is answered by lines of text and then exactly one
 * line that begins with "ok:" or "error:".
 */
#include "tiny.h"

struct command {
    const char *name;
    /** Gets the number given with the command, or the row's default; 0 means it failed. */
    int (*run)(uint32_t argument);
    uint32_t argument;
    /** Answered before it is run, because nothing can be said afterwards. */
    int last_words;
};

static int do_write(uint32_t n) { writer_on(n); return 1; }
static int do_nowrite(uint32_t n) { (void)n; writer_off(); return 1; }
static int do_net(uint32_t n) { net_on(n); return 1; }
static int do_nonet(uint32_t n) { (void)n; net_off(); return 1; }
static int do_fill(uint32_t n) { memory_fill(n); return 1; }
static int do_pvpanic(uint32_t n) { pvpanic((uint8_t)n); return 1; }
static int do_hang(uint32_t n) { (void)n; cpu_hang(); }
static int do_poweroff(uint32_t n) { (void)n; power_off(); return 1; }
static int do_reset(uint32_t n) { (void)n; power_reset(); return 1; }
static int do_suspend(uint32_t n) { (void)n; power_suspend(); return 1; }
static int do_ignore(uint32_t n) { (void)n; power_ignore_button(); return 1; }
static int do_ping(uint32_t n) { (void)n; return 1; }

static int do_status(uint32_t n)
{
    (void)n;
    print("uptime_ms=");
    print_u64((uint64_t)cpu_ticks() * (1000 / TICK_HZ));
    print("\n");
    writer_status();
    net_status();
    return 1;
}

static const struct command commands[] = {
    {"write", do_write, 100, 0},
    {"nowrite", do_nowrite, 0, 0},
    {"net", do_net, 10, 0},
    {"nonet", do_nonet, 0, 0},
    {"fill", do_fill, 32, 0},
    {"panic", do_pvpanic, 1, 1},
    {"crashload", do_pvpanic, 2, 1},
    {"watchdog", watchdog_arm, 1, 0},
    {"hang", do_hang, 0, 1},
    {"poweroff", do_poweroff, 0, 1},
    {"reset", do_reset, 0, 1},
    {"suspend", do_suspend, 0, 1},
    {"ignore-acpi", do_ignore, 0, 0},
    {"status", do_status, 0, 0},
    {"ping", do_ping, 0, 0},
};

static struct {
    const struct command *command;
    uint32_t argument, at;
} later;

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        if (same(commands[i].name, name))
            return &commands[i];
    }
    return NULL;
}

/* Cuts "-after" off the name; 1 if it was there. */
static int cut_after(char *name)
{
    for (char *p = name; *p; p++) {
        if (same(p, "-after")) {
            *p = 0;
            return 1;
        }
    }
    return 0;
}

static void answer(const char *how, const char *what)
{
    print(how);
    print(what);
    print("\n");
}

static void run(const struct command *c, uint32_t argument)
{
    if (c->last_words)
        answer("ok: ", c->name);
    if (!c->run(argument))
        answer("error: this machine cannot: ", c->name);
    else if (!c->last_words)
        answer("ok: ", c->name);
}

static void run_later(const struct command *c, uint32_t seconds)
{
    later.command = c;
    later.argument = c->argument;
    later.at = cpu_ticks() + seconds * TICK_HZ;
    answer("ok: later: ", c->name);
}

static void run_words(char *name, const char *argument, int complain)
{
    int after = cut_after(name);
    const struct command *c = find(name);
    int ok = 1;
    uint32_t n = argument ? number(argument, &ok) : c ? c->argument : 0;

    if (c && ok && after && argument)
        run_later(c, n);
    else if (c && ok && !after)
        run(c, n);
    else if (complain)
        answer("error: no such command: ", name);
}

static char *cut_at(char *text, const char *ends)
{
    for (; *text; text++) {
        for (const char *e = ends; *e; e++) {
            if (*text == *e) {
                *text = 0;
                return text + 1;
            }
        }
    }
    return NULL;
}

void command_run(char *line)
{
    char *argument = cut_at(line, "= ");

    run_words(line, argument, 1);
}

void command_boot(char *cmdline)
{
    while (cmdline) {
        char *rest = cut_at(cmdline, " ");
        char *argument = cut_at(cmdline, "=");

        run_words(cmdline, argument, 0);
        cmdline = rest;
    }
}

void command_tick(void)
{
    char *line = serial_line();

    if (line)
        command_run(line);
    if (later.command && (int32_t)(cpu_ticks() - later.at) >= 0) {
        const struct command *c = later.command;

        later.command = NULL;
        run(c, later.argument);
    }
}
