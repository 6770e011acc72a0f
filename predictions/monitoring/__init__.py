"""Watching champions: how they do from day to day, whether they decay, whether what comes in has changed."""
