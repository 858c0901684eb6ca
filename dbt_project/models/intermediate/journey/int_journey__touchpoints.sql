{#- Without enough answers about a touchpoint the next answer after its visits speaks for it, in every segment alike. -#}
with steps as (
    select * from {{ ref('int_journey__step_scores') }}
),

journeys as (
    select * from {{ ref('int_journey__journeys') }}
),

visits as (
    select
        steps.*,
        journeys.segment,
        journeys.is_complete
    from steps
    inner join journeys on steps.journey_key = journeys.journey_key
),

bases as (
    select
        touchpoint,
        count(score) >= {{ threshold('journey', 'minimum_sample') }} as is_asked_about
    from visits
    group by touchpoint
),

seen as (
    select
        visits.*,
        bases.is_asked_about,
        case when bases.is_asked_about then visits.score else visits.next_score end as visit_score
    from visits
    inner join bases on visits.touchpoint = bases.touchpoint
),

segmented as (
    select
        seen.*,
        'all' as seen_segment
    from seen
    union all
    select
        seen.*,
        segment as seen_segment
    from seen
),

final as (
    select
        seen_segment as segment,
        touchpoint,
        case when min(cast(is_asked_about as integer)) = 1 then 'answers_about_it' else 'next_answer' end as score_basis,
        cast(count(*) as bigint) as visit_count,
        cast(count(distinct journey_key) as bigint) as journey_count,
        cast(count(distinct customer_key) as bigint) as customer_count,
        {{ steady('avg(cast(step_number as double))') }} as mean_position,
        cast(count(distinct case when is_complete then journey_key end) as bigint) as complete_journey_count,
        cast(count(distinct case when is_complete and is_last_step then journey_key end) as bigint) as ended_journey_count,
        cast(sum(promise_count) as bigint) as promise_count,
        cast(sum(broken_promise_count) as bigint) as broken_promise_count,
        cast(count(visit_score) as bigint) as scored_visit_count,
        {{ steady('avg(visit_score)') }} as mean_score,
        {{ steady('var_samp(visit_score)') }} as score_variance
    from segmented
    group by seen_segment, touchpoint
)

select * from final
