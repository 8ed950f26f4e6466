//! What is found out about a contender.

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
    pub median: f64,
    pub last: f64,
    pub cpu: f64,
    pub memory: f64,
}

/// Before the first run.
const NONE: f64 = f64::INFINITY;

impl Best {
    const NONE: Best = Best {
        median: NONE,
        last: NONE,
        cpu: NONE,
        memory: NONE,
    };

    pub fn keep_best(&mut self, figures: &Figures) {
        self.median = self.median.min(figures.median);
        self.last = self.last.min(figures.last);
        self.cpu = self.cpu.min(figures.cpu);
        self.memory = self.memory.min(figures.memory);
    }
}

/// All of a contender's figures. Start to exit is in seconds.
#[derive(Clone, Copy)]
pub struct Measured {
    pub near: Best,
    pub near_rates: [f64; 3],
    pub far: Best,
    pub far_rates: [f64; 3],
    pub bundle: Best,
    pub start_to_exit: f64,
    pub bundle_start_to_exit: f64,
}

impl Measured {
    pub const NONE: Measured = Measured {
        near: Best::NONE,
        near_rates: [0.0; 3],
        far: Best::NONE,
        far_rates: [0.0; 3],
        bundle: Best::NONE,
        start_to_exit: NONE,
        bundle_start_to_exit: NONE,
    };
}
