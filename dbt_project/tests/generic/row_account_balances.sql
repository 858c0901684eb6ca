{#- Fails for every landed table whose used, quarantined and superseded rows do not add up to the landed rows. -#}
{% test row_account_balances(model) %}
    select *
    from {{ model }}
    where landed != used + quarantined + superseded
{% endtest %}
