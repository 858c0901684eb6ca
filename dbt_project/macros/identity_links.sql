{#- CTEs that judge the identifiers which records had on one or more nights (CTE `held`: one row per night, record,
    identifier type and identifier, with recorded_at, claimed_from, claimed_to, known_on, name, birth_date and is_undone).
    The last one, `judged`, adds the tenure (whose turn it is to have the identifier), how many share it then, and the
    decision whether it joins them. -#}
{% macro judged_claims() -%}
merges as (
    select
        *,
        max(case when claimed_to is null then 1 else 0 end) over (partition by night, customer_id) as is_still_merged
    from held
    where identifier_type = 'customer_id' and identifier != customer_id
),

{#- What the CRM takes apart again stays apart: identifiers that a record shares with the one it was merged into. -#}
unmerged as (
    select distinct mine.night, mine.link_id
    from merges
    inner join held as mine on merges.night = mine.night and merges.customer_id = mine.customer_id
    inner join held as theirs
        on
            merges.night = theirs.night
            and merges.identifier = theirs.customer_id
            and mine.identifier_type = theirs.identifier_type
            and mine.identifier = theirs.identifier
    where merges.is_still_merged = 0 and mine.identifier != mine.customer_id
),

{#- Only what several records have needs a judgement. -#}
sharing as (
    select
        night,
        identifier_type,
        identifier
    from held
    group by night, identifier_type, identifier
    having count(*) > 1
),

ordered as (
    select
        held.*,
        caps.maximum_records,
        caps.must_agree_on_birth_date,
        unmerged.link_id is not null
        or (held.identifier_type = 'customer_id' and held.claimed_to is not null) as is_unmerged,
        held.is_undone
        or unmerged.link_id is not null
        or (held.identifier_type = 'customer_id' and held.claimed_to is not null) as is_cut,
        {{ is_someone_else() }} as is_someone_else
    from (
        select
            held.*,
            max(coalesce(held.claimed_to, timestamp '9999-12-31 00:00:00')) over (
                partition by held.night, held.identifier_type, held.identifier
                order by held.claimed_from, held.recorded_at, held.customer_id
                rows between unbounded preceding and 1 preceding
            ) as held_before_to,
            lag(held.name) over (
                partition by held.night, held.identifier_type, held.identifier
                order by held.claimed_from, held.recorded_at, held.customer_id
            ) as name_before,
            lag(held.birth_date) over (
                partition by held.night, held.identifier_type, held.identifier
                order by held.claimed_from, held.recorded_at, held.customer_id
            ) as birth_date_before
        from held
        inner join sharing
            on
                held.night = sharing.night
                and held.identifier_type = sharing.identifier_type
                and held.identifier = sharing.identifier
    ) as held
    left join {{ ref('identity_caps') }} as caps on held.identifier_type = caps.identifier_type
    left join unmerged on held.night = unmerged.night and held.link_id = unmerged.link_id
),

turns as (
    select
        *,
        1 + sum(is_someone_else) over (
            partition by night, identifier_type, identifier
            order by claimed_from, recorded_at, customer_id
            rows between unbounded preceding and current row
        ) as tenure,
        1 + sum(is_someone_else) over (partition by night, identifier_type, identifier) as tenure_count
    from ordered
),

shared as (
    select
        *,
        sum(case when is_cut then 0 else 1 end) over (
            partition by night, identifier_type, identifier, tenure
        ) as sharing_count,
        min(claimed_from) over (partition by night, identifier_type, identifier, tenure) as tenure_from,
        min(claimed_from) over (
            partition by night, identifier_type, identifier
            order by tenure
            range between 1 following and 1 following
        ) as tenure_to,
        min(case when not is_cut then birth_date end) over (
            partition by night, identifier_type, identifier, tenure
        ) as first_birth_date,
        max(case when not is_cut then birth_date end) over (
            partition by night, identifier_type, identifier, tenure
        ) as last_birth_date,
        first_value(customer_id) over (
            partition by night, identifier_type, identifier, tenure
            order by is_cut asc, recorded_at asc nulls last, customer_id asc
        ) as oldest_customer_id,
        nth_value(customer_id, 2) over (
            partition by night, identifier_type, identifier, tenure
            order by is_cut asc, recorded_at asc nulls last, customer_id asc
            rows between unbounded preceding and unbounded following
        ) as second_customer_id
    from turns
),

judged as (
    select
        night,
        link_id,
        customer_id,
        identifier_type,
        identifier,
        known_on,
        claimed_from,
        claimed_to,
        cast(tenure as bigint) as tenure,
        case when tenure > 1 then tenure_from end as tenure_from,
        tenure_to,
        cast(sharing_count as bigint) as sharing_count,
        case
            when is_undone then 'undone'
            when is_unmerged then 'unmerged'
            when sharing_count > maximum_records then 'too_many'
            when must_agree_on_birth_date and first_birth_date != last_birth_date then 'contested'
            when sharing_count > 1 then 'joined'
            when tenure_count > 1 then 'passed_on'
            else 'alone'
        end as decision,
        case when oldest_customer_id != customer_id then oldest_customer_id else second_customer_id end as linked_customer_id
    from shared
    union all
    select
        held.night,
        held.link_id,
        held.customer_id,
        held.identifier_type,
        held.identifier,
        held.known_on,
        held.claimed_from,
        held.claimed_to,
        cast(1 as bigint) as tenure,
        cast(null as timestamp) as tenure_from,
        cast(null as timestamp) as tenure_to,
        cast(case when held.is_undone then 0 else 1 end as bigint) as sharing_count,
        case when held.is_undone then 'undone' else 'alone' end as decision,
        cast(null as string) as linked_customer_id
    from held
    left join sharing
        on
            held.night = sharing.night
            and held.identifier_type = sharing.identifier_type
            and held.identifier = sharing.identifier
    where sharing.identifier is null
)
{%- endmacro %}


{#- 1 where the identifier had left all who had it before, and who has it now differs from the one before: by birth date
    where both are known, else by name. -#}
{% macro is_someone_else() -%}
    case
        when not coalesce(caps.may_be_passed_on, false) or held.held_before_to is null then 0
        when held.held_before_to > held.claimed_from then 0
        when held.birth_date != held.birth_date_before then 1
        when held.birth_date = held.birth_date_before then 0
        when held.name != held.name_before then 1
        else 0
    end
{%- endmacro %}


{#- CTEs that find the connected components of `joined_links` (record_number, identifier_number: dense numbers, those of
    records in an order that has nothing to do with how they are linked). Four rounds of label propagation over all links
    settle nearly everything; what then still has two labels is contracted, a label a node, and gets `identity_rounds`
    more, which costs next to nothing: a round leaves about 1 / 1.7 of the labels, so that chains of a hundred thousand
    settle. The result is `linked` (record_number, label). No round is read twice, so that no engine computes it twice. -#}
{% macro linked_components() -%}
{%- set near, far = label_round_counts() -%}
{{ label_rounds('near', 'joined_links', near) }},

far_links as (
    select distinct
        label as record_number,
        identifier_number
    from (
        select
            label,
            identifier_number,
            min(label) over (partition by identifier_number) as first_label,
            max(label) over (partition by identifier_number) as last_label
        from near_{{ near }}
    ) as labelled
    where first_label != last_label
),

{{ label_rounds('far', 'far_links', far) }},

far_labels as (
    select
        record_number as label,
        min(label) as far_label
    from far_{{ far }}
    group by record_number
),

linked as (
    select
        near.record_number,
        min(coalesce(far_labels.far_label, near.label)) as label
    from near_{{ near }} as near
    left join far_labels on near.label = far_labels.label
    group by near.record_number
)
{%- endmacro %}


{#- Each round takes the smallest label within an identifier, within a record, and within the records that carried the
    same label until then. -#}
{% macro label_rounds(name, links, rounds) -%}
{{ name }}_0 as {{ materialized() }} (
    select
        record_number,
        identifier_number,
        record_number as label
    from {{ links }}
),

{% for round in range(1, rounds + 1) -%}
{{ name }}_{{ round }}_identifiers as {{ materialized() }} (
    select
        *,
        min(label) over (partition by identifier_number) as identifier_label
    from {{ name }}_{{ round - 1 }}
),

{{ name }}_{{ round }}_records as {{ materialized() }} (
    select
        *,
        min(identifier_label) over (partition by record_number) as record_label
    from {{ name }}_{{ round }}_identifiers
),

{{ name }}_{{ round }} as {{ materialized() }} (
    select
        record_number,
        identifier_number,
        min(record_label) over (partition by label) as label
    from {{ name }}_{{ round }}_records
){% if not loop.last %},{% endif %}

{% endfor -%}
{%- endmacro %}
