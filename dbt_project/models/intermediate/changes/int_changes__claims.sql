{#- What the claimants have or had: identifiers whose claims are judged anew tonight, whoever makes them. -#}
with claimants as (
    select * from {{ ref('int_changes__claimants') }}
),

final as (
    select distinct
        spells.identifier_type,
        spells.identifier
    from {{ ref('int_identity__spells') }} as spells
    inner join claimants on spells.customer_id = claimants.customer_id
    {%- if is_incremental_run() %}
    union
    select
        claims.identifier_type,
        claims.identifier
    from {{ previous_rows('intermediate', 'int_identity__claims') }} as claims
    inner join claimants on claims.customer_id = claimants.customer_id
    {%- endif %}
)

select * from final
