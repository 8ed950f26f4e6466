//! The order in which PHP writes parameters that it parsed: members of one array stand together.

use std::collections::HashMap;

use super::name;

/// Two names of which one is a value where the other needs an array, or which are the same.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) earlier: usize,
    pub(crate) later: usize,
}

/// The positions of `names` in the order in which PHP writes them.
pub(crate) fn rebuilt(names: &[&str]) -> Result<Vec<usize>, Conflict> {
    let mut tree = Tree::default();
    for (position, name) in names.iter().enumerate() {
        tree.insert(name, position)?;
    }
    let mut order = Vec::with_capacity(names.len());
    tree.write(ROOT, &mut order);
    Ok(order)
}

const ROOT: usize = 0;

/// PHP's nested arrays; node 0 is the outermost one.
struct Tree<'a> {
    nodes: Vec<Node>,
    children: HashMap<(usize, &'a str), usize>,
}

struct Node {
    /// Where the name that made it stands.
    position: usize,
    /// The members in the order of their first mention; `None` for a single value.
    members: Option<Vec<usize>>,
}

impl Default for Tree<'_> {
    fn default() -> Self {
        let root = Node {
            position: 0,
            members: Some(Vec::new()),
        };
        Tree {
            nodes: vec![root],
            children: HashMap::new(),
        }
    }
}

impl<'a> Tree<'a> {
    fn insert(&mut self, name: &'a str, position: usize) -> Result<(), Conflict> {
        let mut parent = ROOT;
        let mut segments = name::segments(name).peekable();
        while let Some(segment) = segments.next() {
            let is_array = segments.peek().is_some();
            parent = match self.children.get(&(parent, segment)) {
                Some(&known) => self.shared(known, is_array, position)?,
                None => self.add(parent, segment, is_array, position),
            };
        }
        Ok(())
    }

    fn shared(&self, known: usize, is_array: bool, later: usize) -> Result<usize, Conflict> {
        match self.nodes.get(known) {
            Some(node) if is_array && node.members.is_some() => Ok(known),
            node => Err(Conflict {
                earlier: node.map_or(0, |node| node.position),
                later,
            }),
        }
    }

    fn add(&mut self, parent: usize, key: &'a str, is_array: bool, position: usize) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Node {
            position,
            members: is_array.then(Vec::new),
        });
        self.children.insert((parent, key), index);
        if let Some(Some(members)) = (self.nodes.get_mut(parent)).map(|node| node.members.as_mut())
        {
            members.push(index);
        }
        index
    }

    /// Names are at most 65 segments long, so this goes no deeper.
    fn write(&self, node: usize, order: &mut Vec<usize>) {
        match self.nodes.get(node) {
            Some(Node {
                members: Some(members),
                ..
            }) => members.iter().for_each(|member| self.write(*member, order)),
            Some(node) => order.push(node.position),
            None => {}
        }
    }
}
