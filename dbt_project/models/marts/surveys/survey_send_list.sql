{#- Random draw within segment and touchpoint, ordered by a hash of as_of and customer so that a rerun draws the same customers. -#}
with candidates as (
    select * from {{ ref('int_surveys__candidates') }}
),

quotas as (
    select * from {{ ref('int_surveys__quotas') }}
),

touchpoints as (
    select * from {{ ref('survey_touchpoints') }}
),

question_sets as (
    select
        question_set,
        count(*) as question_count
    from {{ ref('survey_questions') }}
    group by question_set
),

precision_by_segment as (
    select * from {{ ref('int_surveys__precision') }}
),

settings as (
    select cast({{ threshold('surveys', 'precision_window_days') }} as bigint) as precision_window_days
),

random_orders as (
    select
        *,
        {{ hash_key([as_of_date(), 'customer_key']) }} as random_order,
        count(*) over (partition by quota_segment, touchpoint) as eligible_count
    from candidates
),

ranked as (
    select
        *,
        row_number() over (partition by quota_segment, touchpoint order by random_order, customer_key) as draw_rank
    from random_orders
),

chosen as {{ materialized() }} (
    select
        ranked.*,
        least(quotas.place_count, ranked.eligible_count) as selected_count
    from ranked
    inner join quotas on ranked.quota_segment = quotas.quota_segment and ranked.touchpoint = quotas.touchpoint
    where ranked.draw_rank <= quotas.place_count
),

segments as (
    select
        chosen.quota_segment,
        cast(count(*) as double) * settings.precision_window_days as asked_in_window
    from chosen
    cross join settings
    group by chosen.quota_segment, settings.precision_window_days
),

final as (
    select
        {{ as_of_date() }} as as_of,
        cast(
            row_number() over (order by touchpoints.touchpoint_rank, chosen.random_order, chosen.customer_key) as bigint
        ) as list_rank,
        chosen.customer_key,
        chosen.customer_id,
        chosen.segment,
        chosen.quota_segment,
        chosen.is_vip,
        chosen.language,
        chosen.invitation_channel,
        chosen.touchpoint,
        touchpoints.touchpoint_en,
        touchpoints.touchpoint_zh,
        touchpoints.survey_type,
        question_sets.question_set,
        question_sets.question_count,
        chosen.event_id,
        chosen.happened_at,
        chosen.last_asked_at,
        chosen.eligible_count,
        chosen.selected_count,
        {{ steady(ratio('chosen.selected_count', 'chosen.eligible_count')) }} as selection_probability,
        {{ steady(ratio('chosen.eligible_count', 'chosen.selected_count')) }} as design_weight,
        precision_by_segment.response_share as expected_response_share,
        settings.precision_window_days,
        {{ steady('segments.asked_in_window * precision_by_segment.response_share') }} as expected_answers,
        {{ steady(
            var('interval_z') ~ ' * precision_by_segment.deviation / sqrt(nullif(segments.asked_in_window * precision_by_segment.response_share, 0))'
        ) }} as expected_half_width
    from chosen
    inner join touchpoints on chosen.touchpoint = touchpoints.touchpoint
    inner join question_sets
        on case when chosen.is_vip then touchpoints.vip_question_set else touchpoints.standard_question_set end
        = question_sets.question_set
    inner join segments on chosen.quota_segment = segments.quota_segment
    inner join precision_by_segment on chosen.quota_segment = precision_by_segment.quota_segment
    cross join settings
)

select * from final
