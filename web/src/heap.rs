//! The modules' memory: blocks of powers of two and of the quarters between, and of each size a list of those
//! that are free.
//!
//! The standard library's allocator keeps large pages of memory small over weeks, and is two kilobytes of
//! each module for it. A page lives for minutes to hours and mostly asks for what it had before.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::UnsafeCell;
use std::ptr;

#[global_allocator]
static HEAP: Heap =
    Heap(UnsafeCell::new(State { free: [ptr::null_mut(); CLASSES], next: 0, end: 0 }));

/// What browsers count memory in.
const PAGE: usize = 1 << 16;
/// No layout here wants to begin at multiples of more.
const ALIGN: usize = 64;

/// Four sizes a power of two.
const CLASSES: usize = 4 * 31;
/// The smallest block.
const LEAST: usize = 16;

/// A block that is free; its first bytes lead to the next.
struct Free(*mut Free);

struct State {
    /// The free blocks of each size.
    free: [*mut Free; CLASSES],
    /// From here to the end memory was never used.
    next: usize,
    end: usize,
}

struct Heap(UnsafeCell<State>);

// SAFETY: the modules have one thread.
unsafe impl Sync for Heap {}

/// The smallest size that has room for it, by its number.
fn class(layout: Layout) -> usize {
    // Rounded like this, a size begins where its layout wants it to if it begins at a multiple of what it
    // is itself a multiple of.
    let last = layout.size().max(LEAST).next_multiple_of(layout.align().max(8)) - 1;
    // The quarter above the one that the last byte is in.
    let power = last.ilog2() as usize;
    4 * power + (last >> (power - 2) & 3) + 1
}

/// The size of that number.
fn size(class: usize) -> usize {
    (4 + class % 4) << (class / 4 - 2)
}

impl State {
    /// Memory for a block that never was one; null if there is none.
    fn carve(&mut self, size: usize) -> *mut u8 {
        let start = self.next.next_multiple_of(ALIGN.min(1 << size.trailing_zeros()));
        if let Some(end) = start.checked_add(size).filter(|&end| end <= self.end) {
            self.next = end;
            return start as *mut u8;
        }
        let pages = size.div_ceil(PAGE);
        let before = memory_size::<0>() * PAGE;
        // Of all that can be addressed the last page is left alone.
        let Some(end) = before.checked_add(pages * PAGE) else { return ptr::null_mut() };
        if memory_grow::<0>(pages) == usize::MAX {
            return ptr::null_mut();
        }
        // What is left where somebody else has the pages between is lost.
        if before != self.end {
            self.next = before;
        }
        self.end = end;
        self.carve(size)
    }
}

// SAFETY: a block is given to one at a time: it is carved once, and is on a list only while it is free.
// It has room for all of its layout, and begins where that wants it to, unless it wants more than ALIGN,
// which is refused.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGN {
            return ptr::null_mut();
        }
        let class = class(layout);
        // SAFETY: there is one thread, and nothing in here asks for memory.
        let state = unsafe { &mut *self.0.get() };
        let Some(free) = state.free.get_mut(class) else { return ptr::null_mut() };
        let block = *free;
        if block.is_null() {
            return state.carve(size(class));
        }
        // SAFETY: it is free, so its first bytes are a `Free`.
        *free = unsafe { (*block).0 };
        block.cast()
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let class = class(layout);
        // SAFETY: as above; the block came from `alloc` with this layout, and so has room for a `Free`.
        unsafe {
            let state = &mut *self.0.get();
            let block = block.cast::<Free>();
            block.write(Free(state.free[class]));
            state.free[class] = block;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size, rounded up, is not too large for a layout.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if class(wanted) == class(layout) {
            return block;
        }
        // SAFETY: what is copied is in both blocks, and the old one is given back as it was got.
        unsafe {
            let new = self.alloc(wanted);
            if !new.is_null() {
                ptr::copy_nonoverlapping(block, new, layout.size().min(size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}
