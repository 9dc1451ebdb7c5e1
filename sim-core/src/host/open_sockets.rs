//! What a program stores for each of its open sockets, indexed by the slot that the kernel gave it.
//!
//! A kernel reuses the slots of its connections, so they stay few and need no hash table. Handles are never reused: an
//! entry under another handle of the same slot belongs to a closed socket.

use crate::kernel::SocketId;

/// One entry for each open socket.
#[derive(Clone, Debug)]
pub(crate) struct OpenSockets<T> {
    slots: Vec<Option<(SocketId, T)>>,
    len: usize,
}

impl<T> Default for OpenSockets<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), len: 0 }
    }
}

impl<T> OpenSockets<T> {
    /// How many sockets there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Stores `value` for `socket`, and drops the entry of an earlier socket of its slot.
    pub(crate) fn insert(&mut self, socket: SocketId, value: T) {
        if socket.slot() >= self.slots.len() {
            self.slots.resize_with(socket.slot() + 1, || None);
        }
        let old = self.slots[socket.slot()].replace((socket, value));
        self.len += usize::from(old.is_none());
    }

    /// Everything that is kept, in the order of the slots.
    #[cfg(test)]
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().flatten().map(|(_, value)| value)
    }

    /// Whether anything is kept for `socket`.
    pub(crate) fn contains(&self, socket: SocketId) -> bool {
        self.slots.get(socket.slot()).is_some_and(|slot| slot.as_ref().is_some_and(|(kept, _)| *kept == socket))
    }

    /// The entry of `socket`.
    pub(crate) fn slot_mut(&mut self, socket: SocketId) -> Option<&mut T> {
        let (kept, value) = self.slots.get_mut(socket.slot())?.as_mut()?;
        (*kept == socket).then_some(value)
    }

    /// Forgets what is kept for `socket`, and returns it.
    pub(crate) fn remove(&mut self, socket: SocketId) -> Option<T> {
        let slot = self.slots.get_mut(socket.slot())?;
        let (_, value) = slot.take_if(|(kept, _)| *kept == socket)?;
        self.len -= 1;
        Some(value)
    }
}

impl<T: Default> OpenSockets<T> {
    /// The entry of `socket`, created with the default if there is none.
    pub(crate) fn slot_or_default(&mut self, socket: SocketId) -> &mut T {
        if !self.contains(socket) {
            self.insert(socket, T::default());
        }
        let slot = self.slots[socket.slot()].get_or_insert_with(|| (socket, T::default()));
        &mut slot.1
    }
}

#[cfg(test)]
mod tests {
    use super::OpenSockets;
    use crate::kernel::SocketId;

    #[test]
    fn an_old_handle_of_the_same_slot_finds_nothing() {
        let (old, new) = (SocketId::new(3, 1), SocketId::new(3, 2));
        let mut open = OpenSockets::default();
        *open.slot_or_default(old) = 10;
        open.insert(new, 20);
        assert_eq!((open.len(), open.remove(old)), (1, None));
        assert_eq!(open.slot_mut(old), None);
        assert!(open.contains(new) && !open.contains(old));
        assert_eq!((open.remove(new), open.len()), (Some(20), 0));
    }
}
