//! What is found out about a contender.

/// A number of which the best of several is kept; infinite or zero before the first.
#[derive(Clone, Copy, PartialEq)]
pub struct Lowest(pub f64);

/// So too, where more is better.
#[derive(Clone, Copy, PartialEq)]
pub struct Highest(pub f64);

impl Lowest {
    pub fn keep_lowest(&mut self, number: f64) {
        self.0 = self.0.min(number);
    }
}

impl Highest {
    pub fn keep_highest(&mut self, number: f64) {
        self.0 = self.0.max(number);
    }
}

/// What a program printed: times in nanoseconds, leads a second, KiB.
pub struct Figures {
    pub median: f64,
    pub last: f64,
    pub cpu: f64,
    pub rate: f64,
    pub memory: f64,
}

impl Figures {
    pub fn read(line: &str) -> Option<Figures> {
        let mut numbers = line.split_whitespace().map(str::parse::<f64>);
        let mut next = || numbers.next()?.ok();
        Some(Figures {
            median: next()?,
            last: next()?,
            cpu: next()?,
            rate: next()?,
            memory: next()?,
        })
    }

    /// Of several programs that ran at once: their rates add up.
    pub fn together(all: Vec<Figures>) -> Option<Figures> {
        (all.into_iter()).reduce(|sum, figures| Figures {
            rate: sum.rate + figures.rate,
            ..sum
        })
    }
}

/// The best of several runs with one lead in flight.
#[derive(Clone, Copy)]
pub struct Best {
    pub median: Lowest,
    pub last: Lowest,
    pub cpu: Lowest,
    pub memory: Lowest,
}

const NONE: Lowest = Lowest(f64::INFINITY);

impl Best {
    const NONE: Best = Best {
        median: NONE,
        last: NONE,
        cpu: NONE,
        memory: NONE,
    };

    pub fn keep_best(&mut self, figures: &Figures) {
        self.median.keep_lowest(figures.median);
        self.last.keep_lowest(figures.last);
        self.cpu.keep_lowest(figures.cpu);
        self.memory.keep_lowest(figures.memory);
    }
}

/// All of a contender's figures. Start to exit is in seconds.
#[derive(Clone, Copy)]
pub struct Measured {
    pub near: Best,
    pub near_rates: [Highest; 3],
    pub far: Best,
    pub far_rates: [Highest; 3],
    pub bundle: Best,
    pub start_to_exit: Lowest,
    pub bundle_start_to_exit: Lowest,
}

impl Measured {
    pub const NONE: Measured = Measured {
        near: Best::NONE,
        near_rates: [Highest(0.0); 3],
        far: Best::NONE,
        far_rates: [Highest(0.0); 3],
        bundle: Best::NONE,
        start_to_exit: NONE,
        bundle_start_to_exit: NONE,
    };
}
