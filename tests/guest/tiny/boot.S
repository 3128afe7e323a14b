/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entry of the tiny guest (multiboot 1, which QEMU's -kernel loads directly), its stack, and the
 * two interrupt stubs: the timer's, which counts, and one for anything else, which returns.
 */
    .set MB_MAGIC, 0x1BADB002
    .set MB_FLAGS, 0x00000003           /* page-aligned modules, memory map */

    .section .multiboot, "a"
    .align 4
    .long MB_MAGIC, MB_FLAGS, -(MB_MAGIC + MB_FLAGS)

    .text
    .globl _start
_start:
    cli
    movl $stack_top, %esp
    pushl %ebx                          /* multiboot information */
    call tiny_main
1:  hlt
    jmp 1b

    .globl irq_timer
irq_timer:
    pushl %eax
    incl cpu_tick_count
    movb $0x20, %al
    outb %al, $0x20
    popl %eax
    iret

    /* Only the timer is unmasked: the rest are spurious interrupts, which want no answer. */
    .globl irq_other
irq_other:
    iret

    .bss
    .align 16
    .skip 16384
stack_top:

    .section .note.GNU-stack, "", @progbits
